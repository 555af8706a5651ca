package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"kaoping"
	"kaoping/engine"
	"kaoping/internal/access"
	"kaoping/internal/desk"
	"kaoping/internal/feeds"
	"kaoping/internal/help"
	"kaoping/internal/schedule"
)

// Options tune New.
type Options struct {
	Desk   *desk.Desk
	Lang   engine.Lang // where a reader has not chosen one
	Drafts string      // folder that the editor saves drafts in; empty: saving is off
	// Guard says who sends a request and whether they may do what needs the
	// permission. Nil lets everybody read and save drafts, which is right only
	// where nobody else can connect.
	Guard Guard
	// Accounts are who may log in; the Guard then asks them if it is nil itself.
	Accounts *access.Accounts
	// Provider vouches for people by OpenID Connect; nil if there is none.
	Provider      *access.OIDC
	ProviderTitle string       // how its button is called; empty: in general words
	Log           *slog.Logger // nil: nothing is logged
	// Operator is who the audit trail names where nobody logs in.
	Operator string
	// Jobs are the jobs of the configuration; nil if there are none.
	Jobs *schedule.Scheduler
	// Sources are those of the configuration.
	Sources []*feeds.Source
}

// Identity is who sends a request. The zero value is somebody unnamed.
type Identity struct {
	Name   string         // shown in the corner of every page and in audit entries
	Limits []access.Limit // what the permission reaches; nil: everything
}

// Guard decides on a request. An error that wraps ErrForbidden or ErrUnknownUser
// refuses it.
type Guard func(r *http.Request, need Permission) (Identity, error)

// Errors of a Guard.
var (
	ErrForbidden   = errors.New("not allowed")
	ErrUnknownUser = errors.New("not logged in")
)

// Server answers requests.
type Server struct {
	Options
	mux    *http.ServeMux
	routes []route
	assets *assets
	views  map[engine.Lang]*views

	help *help.Library

	computing chan struct{} // holds one for each test or impact under way

	uploads     uploads
	sourceLoads sourceLoads
}

// New makes the handler of the application.
func New(o Options) (*Server, error) {
	if o.Lang == "" {
		o.Lang = engine.Chinese
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Guard == nil && o.Accounts != nil {
		o.Guard = askAccount
	}
	s := &Server{Options: o, mux: http.NewServeMux(), views: map[engine.Lang]*views{}, computing: make(chan struct{}, atOnce)}
	var err error
	if s.assets, err = newAssets(); err != nil {
		return nil, err
	}
	if s.help, err = help.Read(kaoping.Help); err != nil {
		return nil, err
	}
	for _, lang := range []engine.Lang{engine.Chinese, engine.English} {
		if s.views[lang], err = newViews(lang, s.assets.address); err != nil {
			return nil, err
		}
	}
	s.routes = s.table()
	for i := range s.routes {
		s.mux.Handle(s.routes[i].Method+" "+s.routes[i].Pattern, s.serve(&s.routes[i]))
	}
	s.mux.Handle("GET /assets/{name}", s.assets)
	s.mux.Handle("/", s.serve(&route{Pattern: "/", Needs: ReadResults, page: func(*request) error { return engine.ErrNotFound }}))
	return s, nil
}

// maxBody bounds what a request may carry: a rule file is far below it. Only a
// file of data may be larger.
const maxBody = 4 << 20

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	for name, value := range securityHeaders {
		header.Set(name, value)
	}
	if err := http.NewCrossOriginProtection().Check(r); err != nil {
		http.Error(w, "cross-origin request refused", http.StatusForbidden)
		return
	}
	limit := int64(maxBody)
	if r.URL.Path == "/load" || r.URL.Path == "/api/v1/batches" {
		limit = largestUpload
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	s.mux.ServeHTTP(w, r)
}

// securityHeaders stand on every answer. Nothing is loaded from anywhere else, no
// script or style stands in a page, and no other site may show ours in a frame.
var securityHeaders = map[string]string{
	"Content-Security-Policy":      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
	"Referrer-Policy":              "same-origin",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy":           "camera=(), geolocation=(), microphone=()",
	"Cache-Control":                "no-store",
}

// The time limits of a connection.
const (
	headerTime = 10 * time.Second
	writeTime  = 2 * time.Minute
	idleTime   = 2 * time.Minute
	stopTime   = 15 * time.Second
)

// HTTPServer returns a server with time limits for the handler.
func HTTPServer(address string, h http.Handler) *http.Server {
	return &http.Server{
		Addr: address, Handler: h,
		ReadHeaderTimeout: headerTime, ReadTimeout: writeTime, WriteTimeout: writeTime, IdleTimeout: idleTime,
	}
}

// Stop lets requests under way finish, for a limited time.
func Stop(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	return server.Shutdown(ctx)
}
