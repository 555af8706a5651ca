// Package schedule performs the jobs of the configuration on time, once, and
// makes up for what was missed.
//
// Cron only wakes a catch-up step. That step asks the store what is due and not
// done, so it does not matter whether a process was down, how many processes
// there are, or what happened to the clock: an item of work is done once. Who
// performs a job holds its lease in the store; who loses it can no longer write.
//
// The package knows when and which period. What a kind of job does is handed in
// as a Worker.
package schedule
