package store

import (
	"maps"
	"slices"

	"kaoping/engine"
)

// actionTitles are the actions of the audit trail in words.
var actionTitles = map[string]engine.Text{
	actionLoad:        {ZH: "导入", EN: "loaded"},
	"load source":     {ZH: "从来源导入", EN: "loaded a source"},
	"undo":            {ZH: "撤销导入", EN: "undone"},
	actionRun:         {ZH: "计算", EN: "scored"},
	"abandoned":       {ZH: "中断,未生效", EN: "interrupted, without effect"},
	"job":             {ZH: "定时任务", EN: "performed a job"},
	"notify":          {ZH: "拟发通知", EN: "wrote a notice"},
	MessageSent:       {ZH: "已发送通知", EN: "sent a notice"},
	MessageFailed:     {ZH: "通知发送失败", EN: "a notice failed"},
	"link":            {ZH: "生成公开链接", EN: "made a public link"},
	"revoke link":     {ZH: "撤销公开链接", EN: "revoked a public link"},
	"log in":          {ZH: "登录", EN: "logged in"},
	"log out":         {ZH: "退出", EN: "logged out"},
	"failed login":    {ZH: "登录失败", EN: "failed to log in"},
	"create user":     {ZH: "新建账号", EN: "made an account"},
	"change roles":    {ZH: "更改角色", EN: "changed roles"},
	"set password":    {ZH: "设置口令", EN: "set a password"},
	"disable user":    {ZH: "停用账号", EN: "disabled an account"},
	"enable user":     {ZH: "启用账号", EN: "enabled an account"},
	"bind identity":   {ZH: "绑定统一登录身份", EN: "bound to an identity"},
	"expect identity": {ZH: "改用统一登录", EN: "turned to OpenID Connect"},
	"save draft":      {ZH: "保存规则草稿", EN: "saved a draft of rules"},
	"create token":    {ZH: "建立令牌", EN: "made a token"},
	"revoke token":    {ZH: "撤销令牌", EN: "revoked a token"},
	"unmask":          {ZH: "查看个人信息", EN: "looked at personal data"},
	"backup":          {ZH: "备份", EN: "backed up"},
	actionRestore:     {ZH: "恢复备份", EN: "restored a backup"},

	"make one-time link": {ZH: "生成一次性链接", EN: "made a one-time link"},
}

// ActionTitle is an action of the audit trail in words; the action itself if it has
// none.
func ActionTitle(action string) engine.Text {
	if t, ok := actionTitles[action]; ok {
		return t
	}
	return engine.Text{ZH: action, EN: action}
}

// Actions lists the actions of the audit trail.
func Actions() []string { return slices.Sorted(maps.Keys(actionTitles)) }
