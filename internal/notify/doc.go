// Package notify sends what stands in the outbox of the store, by webhook and by
// mail.
//
// A message stands in the outbox once for each event and recipient, and one
// process at a time sends. Whoever dies between sending and noting it leaves the
// message waiting; it is then sent again under the same id, by which the receiver
// can tell (the header Idempotency-Key, the Message-ID of a mail).
package notify
