package main

import (
	"fmt"
	"net"
	"net/url"
	"os"

	"kaoping/internal/access"
	"kaoping/store"
)

// AccountsConfig is the section accounts: of config.yaml. The secret of the client
// comes from the environment: KAOPING_OIDC_SECRET.
type AccountsConfig struct {
	OIDC struct {
		Title    string        `yaml:"title"`     // of the button on the login page
		Issuer   string        `yaml:"issuer"`    // address of the provider, as its tokens name it
		ClientID string        `yaml:"client_id"` // of this program at the provider
		Redirect string        `yaml:"redirect"`  // …/login/return as browsers reach it
		Scopes   []string      `yaml:"scopes"`    // besides openid
		Name     string        `yaml:"name"`      // claim that becomes the name of the account
		Group    string        `yaml:"group"`     // claim with the groups of a person
		Grants   []groupConfig `yaml:"grants"`    // roles by group; empty: administrators give them
	} `yaml:"oidc"`
}

// groupConfig gives a role to the members of a group.
type groupConfig struct {
	Group     string `yaml:"group"`
	Role      string `yaml:"role"`
	Pack      string `yaml:"pack"`
	PeerGroup string `yaml:"peer_group"`
	Subject   string `yaml:"subject"`
}

func (g *groupConfig) grant() store.Grant {
	return store.Grant{Role: g.Role, Pack: g.Pack, PeerGroup: g.PeerGroup, Subject: g.Subject}
}

func defaultAccounts() AccountsConfig {
	var a AccountsConfig
	a.OIDC.Scopes, a.OIDC.Name, a.OIDC.Group = []string{"profile"}, "preferred_username", "groups"
	return a
}

// problems says what is wrong with the section.
func (a *AccountsConfig) problems() []string {
	o := &a.OIDC
	if o.Issuer == "" && o.ClientID == "" && o.Redirect == "" && o.Grants == nil {
		return nil
	}
	var wrong []string
	for _, key := range []struct{ name, value string }{{"client_id", o.ClientID}, {"name", o.Name}, {"group", o.Group}} {
		if key.value == "" {
			wrong = append(wrong, "accounts.oidc."+key.name+": ?")
		}
	}
	if !secureAddress(o.Issuer) {
		wrong = append(wrong, fmt.Sprintf("accounts.oidc.issuer: %q (https://…)", o.Issuer))
	}
	if u, err := url.Parse(o.Redirect); err != nil || u.Path != "/login/return" || !secureAddress(o.Redirect) {
		wrong = append(wrong, fmt.Sprintf("accounts.oidc.redirect: %q (https://…/login/return)", o.Redirect))
	}
	for i := range o.Grants {
		if o.Grants[i].Group == "" {
			wrong = append(wrong, fmt.Sprintf("accounts.oidc.grants[%d].group: ?", i))
		}
		if text := access.CheckGrant(o.Grants[i].grant()); text != nil {
			wrong = append(wrong, fmt.Sprintf("accounts.oidc.grants[%d]: %s %s", i, text.ZH, text.EN))
		}
	}
	return wrong
}

// secureAddress reports whether what is sent there can be read by nobody on the way.
func secureAddress(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// provider is who vouches for people by OpenID Connect; nil if nobody does.
func (a *AccountsConfig) provider() *access.OIDC {
	o := &a.OIDC
	if o.Issuer == "" {
		return nil
	}
	p := &access.OIDC{Issuer: o.Issuer, ClientID: o.ClientID, Secret: os.Getenv("KAOPING_OIDC_SECRET"), Redirect: o.Redirect,
		Scopes: o.Scopes, NameClaim: o.Name, GroupClaim: o.Group}
	for i := range o.Grants {
		p.Groups = append(p.Groups, access.GroupGrant{Group: o.Grants[i].Group, Grant: o.Grants[i].grant()})
	}
	return p
}
