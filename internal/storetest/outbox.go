package storetest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"kaoping/engine"
	"kaoping/store"
)

// outbox posts the same events from many sides at once: each recipient is told
// once, what was sent does not wait any more, and the audit trail has it all.
func outbox(t *testing.T, url string) {
	db, other := Open(t, url), Open(t, url)
	events := []store.Message{
		{Event: "run R-000001", Channel: "webhook", Recipient: "webhook", Subject: "结果", Body: "一\n二"},
		{Event: "run R-000001", Channel: "mail", Recipient: "a@example.com", Subject: "结果", Body: "一"},
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	added := 0
	for i := range 6 {
		all.Go(func() {
			at := db
			if i%2 == 1 {
				at = other
			}
			n, err := at.Post(t.Context(), events, scheduler, july)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			added += n
		})
	}
	all.Wait()
	waiting, err := db.WaitingMessages(t.Context(), july, 10)
	if err != nil || added != 2 || len(waiting) != 2 {
		t.Fatalf("%d added, %+v, %v", added, waiting, err)
	}
	want := events[0]
	want.Number, want.MadeAt, want.NextTry, want.State = waiting[0].Number, july, july, store.MessageWaiting
	if waiting[0] != want {
		t.Errorf("got %+v\nwant %+v", waiting[0], want)
	}

	sent, failed := waiting[0], waiting[1]
	sent.State, sent.SentAt, sent.Attempts = store.MessageSent, july, 1
	failed.Attempts, failed.NextTry, failed.Problem = 1, july.Add(time.Minute), engine.Text{ZH: "连不上", EN: "not reached"}
	for _, m := range []store.Message{sent, failed} {
		if err := db.MarkMessage(t.Context(), m, scheduler, july); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.MarkMessage(t.Context(), sent, scheduler, july); !errors.Is(err, store.ErrFenced) {
		t.Errorf("sent twice: %v", err)
	}
	for now, n := range map[time.Time]int{july: 0, july.Add(time.Minute): 1} {
		if list, err := other.WaitingMessages(t.Context(), now, 10); err != nil || len(list) != n {
			t.Errorf("%v: %+v, %v", now, list, err)
		}
	}
	list, err := other.Messages(t.Context(), 10)
	if err != nil || len(list) != 2 || list[0] != failed || list[1] != sent {
		t.Errorf("%+v, %v", list, err)
	}
	for id, actions := range map[string]int{sent.ID(): 2, failed.ID(): 1} {
		if trail, err := db.Audit(t.Context(), store.AuditQuery{Object: id}); err != nil || len(trail) != actions || trail[len(trail)-1].Action != "notify" {
			t.Errorf("%s: %+v, %v", id, trail, err)
		}
	}
}
