package langserver

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sourcegraph/jsonrpc2"

	"kaoping/engine"
)

const packText = `pack: complaint-test
edition: 2025-01-01
title: 测试
status: draft
peer_groups: {property: 财产险}
periods: {annual: {first_day: 01-01, last_day: 12-31}}
sources:
  细则: {title: 实施细则}
assumptions:
  A1: {says: 满分为一百分, ask: 张三, state: open}
statistics:
  投诉件数: {id: complaints, unit: 件, from: 报送}
  保费收入: {id: premium, unit: 万元, from: 报送}
benchmarks:
  同业均值: {take: mean}
metrics:
  # 𠀀 and 😀 take two UTF-16 units each
  亿元保费投诉量:
    id: complaint_ratio
    unit: 件/亿元
    formula: 投诉件数 / 保费收入
    cite: 细则 五(一)
    quote: 亿元保费投诉量为投诉件数除以保费收入
  𠀀投诉: {unit: 件/亿元, formula: 绝对值(亿元保费投诉量)}
total: {full_points: 100, assumption: A1}
sections:
  - section: 定量指标
    full_points: 100
    indicators:
      - indicator: 亿元保费投诉量
        full_points: 100
        assumption: A1
        score: {full_points_at: 0 件/亿元, no_points_at: 2 × 同业均值, better: lower}
        if_denominator_zero: hold
`

const testText = `pack: complaint-test
edition: 2025-01-01
tables:
  - indicator: 亿元保费投诉量
    benchmarks: {同业均值: 5 件/亿元}
    columns: [投诉件数, 保费收入(万元), metric, points]
    rows:
      - [5, 10000, 5, 50]
`

// client drives a server as an editor does.
type client struct {
	t           *testing.T
	conn        *jsonrpc2.Conn
	dir         string
	diagnostics chan publishParams
	ended       chan error
	toServer    *io.PipeWriter
	version     int
}

// quiet is a connection's ends.
type ends struct {
	io.Reader
	io.Writer
}

func (ends) Close() error { return nil }

// start begins a session over the files of a new folder.
func start(t *testing.T, files map[string]string) *client {
	t.Helper()
	c := &client{t: t, dir: t.TempDir(), diagnostics: make(chan publishParams, 1000), ended: make(chan error, 1)}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(c.dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	fromClient, toServer := io.Pipe()
	fromServer, toClient := io.Pipe()
	c.toServer = toServer
	go func() {
		c.ended <- Serve(context.Background(), fromClient, toClient, Options{Lang: engine.Chinese, Version: "test", Delay: time.Millisecond})
		toClient.Close()
	}()
	// The client's end is the library's own codec, which knows nothing of ours.
	c.conn = jsonrpc2.NewConn(context.Background(), jsonrpc2.NewBufferedStream(ends{fromServer, toServer}, jsonrpc2.VSCodeObjectCodec{}),
		jsonrpc2.HandlerWithError(func(_ context.Context, _ *jsonrpc2.Conn, r *jsonrpc2.Request) (any, error) {
			var p publishParams
			if r.Method == "textDocument/publishDiagnostics" && json.Unmarshal(*r.Params, &p) == nil {
				c.diagnostics <- p
			}
			return nil, nil
		}), jsonrpc2.SetLogger(log.New(io.Discard, "", 0)))
	t.Cleanup(func() {
		toServer.Close()
		c.conn.Close()
	})
	var answer struct {
		Capabilities map[string]any `json:"capabilities"`
	}
	c.call("initialize", map[string]any{"rootUri": uriOf(c.dir), "capabilities": map[string]any{}}, &answer)
	if answer.Capabilities["hoverProvider"] != true || answer.Capabilities["positionEncoding"] != "utf-16" {
		t.Errorf("capabilities: %v", answer.Capabilities)
	}
	c.notify("initialized", map[string]any{})
	return c
}

func (c *client) call(method string, params, result any) {
	c.t.Helper()
	if err := c.try(method, params, result); err != nil {
		c.t.Fatalf("%s: %v", method, err)
	}
}

func (c *client) try(method string, params, result any) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return c.conn.Call(ctx, method, params, result)
}

func (c *client) notify(method string, params any) {
	c.t.Helper()
	if err := c.conn.Notify(context.Background(), method, params); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) uri(name string) string { return uriOf(filepath.Join(c.dir, name)) }

func (c *client) open(name, text string) {
	c.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": c.uri(name), "languageId": "yaml", "version": 1, "text": text}})
	c.version = 1
}

func (c *client) change(name, text string) {
	c.version++
	c.notify("textDocument/didChange", map[string]any{
		"textDocument":   map[string]any{"uri": c.uri(name), "version": c.version},
		"contentChanges": []any{map[string]any{"text": text}},
	})
}

// shown waits for what the server shows of a file in its newest version.
func (c *client) shown(name string) []diagnostic {
	c.t.Helper()
	for {
		select {
		case p := <-c.diagnostics:
			if p.URI == c.uri(name) && p.Version == c.version {
				return p.Diagnostics
			}
		case <-time.After(20 * time.Second):
			c.t.Fatalf("no diagnostics of %s", name)
		}
	}
}

// find returns the position of a mark in a text, plus some UTF-16 units.
func find(t *testing.T, text, mark string, plus int) position {
	t.Helper()
	before, _, ok := strings.Cut(text, mark)
	if !ok {
		t.Fatalf("%q is not in the text", mark)
	}
	line := strings.Count(before, "\n")
	last := before[strings.LastIndexByte(before, '\n')+1:]
	return position{line, units(last, len(last)) + plus}
}

func (c *client) at(name string, p position) map[string]any {
	return map[string]any{"textDocument": map[string]any{"uri": c.uri(name)}, "position": p, "context": map[string]any{"includeDeclaration": true}}
}

// edited applies edits to a text, last first.
func edited(text string, edits []textEdit) string {
	for i := range edits {
		for j := i + 1; j < len(edits); j++ {
			a, b := edits[i].Range.Start, edits[j].Range.Start
			if a.Line < b.Line || a.Line == b.Line && a.Character < b.Character {
				edits[i], edits[j] = edits[j], edits[i]
			}
		}
	}
	for _, e := range edits {
		text = apply(text, e.Range, e.NewText)
	}
	return text
}
