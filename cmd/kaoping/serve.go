package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"

	"github.com/spf13/cobra"

	"kaoping/engine"
	"kaoping/internal/access"
	"kaoping/web"
)

// WebConfig is the section web: of config.yaml.
type WebConfig struct {
	Listen string `yaml:"listen"` // host:port; only this machine unless said otherwise
	Drafts string `yaml:"drafts"` // folder of drafts that the editor saves

	TLSCert string `yaml:"tls_cert"` // PEM files; both or none
	TLSKey  string `yaml:"tls_key"`
}

// defaultWeb is what holds where the section is silent.
func defaultWeb() WebConfig { return WebConfig{Listen: "127.0.0.1:8080", Drafts: "drafts"} }

// problems says what is wrong with the section.
func (w *WebConfig) problems() []string {
	if _, _, err := net.SplitHostPort(w.Listen); err != nil {
		return []string{fmt.Sprintf("web.listen: %q (host:port)", w.Listen)}
	}
	if (w.TLSCert == "") != (w.TLSKey == "") {
		return []string{"web: tls_cert + tls_key"}
	}
	return nil
}

// origin is what addresses begin with when the program listens there.
func (w *WebConfig) origin(listen string) string {
	scheme := "http://"
	if w.TLSCert != "" {
		scheme = "https://"
	}
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return scheme + listen
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return scheme + net.JoinHostPort(host, port)
}

func (a *app) serveCommand() *cobra.Command {
	var listen string
	var noSchedule bool
	cmd := &cobra.Command{
		Use:   "serve",
		Short: a.t("在浏览器中查看排名、评分卡、规则,编辑规则", "serve rankings, scorecards and rules to the browser"),
		Args:  a.args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			config, err := a.config()
			if err != nil {
				return err
			}
			if listen != "" {
				config.Web.Listen = listen
				if problems := config.Web.problems(); problems != nil {
					return badConfig("--listen", problems[0])
				}
			}
			return a.serve(config, !noSchedule)
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "", a.t("监听地址,默认为配置的 web.listen,仅本机可访问", "address to listen on (default web.listen of the configuration, this machine only)"))
	cmd.Flags().BoolVar(&noSchedule, "no-schedule", false, a.t("不执行定时任务", "leave the jobs of the configuration out"))
	return cmd
}

// serve answers requests, and performs the jobs of the configuration if it should,
// until the program is told to stop; requests under way are finished first.
func (a *app) serve(config Config, perform bool) error {
	db, err := a.open(config)
	if err != nil {
		return err
	}
	defer db.Close()
	log := slog.New(slog.NewTextHandler(a.stderr, nil))
	d := a.desk(config, db)
	accounts := &access.Accounts{DB: db}
	handler, err := web.New(web.Options{
		Desk: d, Accounts: accounts,
		Provider: config.Accounts.provider(), ProviderTitle: config.Accounts.OIDC.Title,
		Lang: a.lang, Drafts: config.Web.Drafts, Log: log, Operator: actor().Name,
		Jobs:    a.scheduler(config, d, log),
		Sources: config.sources,
	})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", config.Web.Listen)
	if err != nil {
		return cannotListen(config.Web.Listen, err)
	}
	server := web.HTTPServer(listener.Addr().String(), handler)
	if config.Web.TLSCert != "" {
		pair, err := tls.LoadX509KeyPair(config.abs(config.Web.TLSCert), config.abs(config.Web.TLSKey))
		if err != nil {
			listener.Close()
			return tlsProblem(err)
		}
		server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}}
	}
	origin := config.Web.origin(listener.Addr().String())
	a.say("已启动:%s\n按 Ctrl+C 停止。", "serving %s\nstop with Ctrl+C.", origin)
	if err := a.welcome(accounts, origin); err != nil {
		listener.Close()
		return err
	}
	if ip := listener.Addr().(*net.TCPAddr).IP; !ip.IsLoopback() {
		a.say("注意:%s 可从其他机器访问。", "note: %s can be reached from other machines.", listener.Addr())
	}
	if perform {
		defer a.startJobs(config, d, log)()
	}
	failed := make(chan error, 1)
	go func() {
		if server.TLSConfig != nil {
			failed <- server.ServeTLS(listener, "", "")
			return
		}
		failed <- server.Serve(listener)
	}()
	select {
	case err := <-failed:
		return err
	case <-a.ctx.Done():
	}
	if err := web.Stop(server); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	a.say("已停止。", "stopped.")
	return nil
}

func cannotListen(address string, err error) error {
	return fail(exitUsage, engine.Text{
		ZH: fmt.Sprintf("不能在 %s 上监听:%v\n  提示:换一个端口,kaoping serve --listen 127.0.0.1:8081,或改 config.yaml 的 web.listen。", address, errors.Unwrap(err)),
		EN: fmt.Sprintf("cannot listen on %s: %v\n  hint: take another port, kaoping serve --listen 127.0.0.1:8081, or change web.listen in config.yaml.", address, errors.Unwrap(err)),
	})
}
