package web

import (
	"slices"

	"kaoping/engine"
)

// Permission is what somebody must be allowed to do to send a request.
type Permission string

// The permissions.
const (
	ReadResults Permission = "read results" // rankings, scorecards, comparisons
	ReadCases   Permission = "read cases"   // records behind the numbers, masked
	ReadData    Permission = "read data"    // batches, runs
	ReadRules   Permission = "read rules"   // packs, help, playground
	EditRules   Permission = "edit rules"   // the editor, drafts
	ReadDrafts  Permission = "read drafts"  // drafts that others saved

	LoadData       Permission = "load data"       // load files
	UndoData       Permission = "undo data"       // take a load out of what counts
	RunAssessments Permission = "run assessments" // compute a period
	ShareResults   Permission = "share results"   // make and revoke public links

	ReadOutbox Permission = "read outbox" // notices and mail to anybody

	UnmaskPersons Permission = "unmask persons" // see personal data, having said why
	ReadAudit     Permission = "read audit"     // the audit trail
	ManageUsers   Permission = "manage users"   // accounts and tokens
	OwnAccount    Permission = "own account"    // whoever is logged in

	// LogIn needs no account: the pages by which one comes in. No Guard is asked.
	LogIn Permission = "log in"

	// HoldLink needs no account: whoever has the token of a link may follow it. No
	// Guard is asked.
	HoldLink Permission = "hold a link"
)

// route is one row of the table of what the application answers.
type route struct {
	Method  string
	Pattern string
	Needs   Permission
	Title   engine.Text // what it is, for the description of the interface
	API     *operation  // nil for a page
	page    func(*request) error
}

// table lists every route with the permission that it needs. There is no other
// way into the application.
func (s *Server) table() []route {
	all := slices.Concat(pageRoutes(), statusRoutes(), sourceRoutes(), ruleRoutes(), editRoutes(), playgroundRoutes(), helpRoutes(), apiRoutes())
	if s.Accounts != nil {
		all = append(all, accountRoutes()...)
	}
	return all
}

func onGet(pattern string, needs Permission, zh, en string, page func(*request) error) route {
	return route{Method: "GET", Pattern: pattern, Needs: needs, Title: engine.Text{ZH: zh, EN: en}, page: page}
}

func onPost(pattern string, needs Permission, zh, en string, page func(*request) error) route {
	r := onGet(pattern, needs, zh, en, page)
	r.Method = "POST"
	return r
}

func pageRoutes() []route {
	get, post := onGet, onPost
	return []route{
		get("/{$}", ReadResults, "首页", "home", (*request).home),
		get("/go", ReadResults, "按选择打开", "open what was chosen", (*request).choose),
		get("/rank/{pack}/{period}", ReadResults, "排名", "ranking", (*request).ranking),
		get("/rank/{pack}/{period}/file", ReadResults, "排名文件", "ranking as a file", (*request).rankingFile),
		get("/s/{pack}/{period}", ReadResults, "第一张评分卡", "the first scorecard", (*request).firstCard),
		get("/s/{pack}/{period}/{subject}", ReadResults, "评分卡", "scorecard", (*request).scorecard),
		get("/s/{pack}/{period}/{subject}/file", ReadResults, "评分卡文件", "scorecard as a file", (*request).scorecardFile),
		get("/s/{pack}/{period}/{subject}/{item}", ReadResults, "解释", "explanation", (*request).explain),
		get("/cases/{pack}/{period}/{subject}/{statistic}/{at}", ReadCases, "案件明细", "cases", (*request).cases),
		get("/case/{pack}/{period}/{register}/{key}", ReadCases, "案件", "case", (*request).oneCase),
		get("/compare/{pack}/{period}", ReadResults, "对比", "comparison", (*request).comparePage),
		get("/heat/{pack}/{period}", ReadResults, "热力图", "heat map", (*request).heat),
		get("/trends/{pack}/{period}", ReadResults, "走势", "trends", (*request).trends),
		get("/trend/{pack}/{period}/{subject}", ReadResults, "一家的走势", "the trend of a subject", (*request).trend),
		get("/why/{pack}/{period}/{subject}", ReadResults, "变化与提高", "changes and what would raise the total", (*request).why),
		get("/downloads/{pack}/{period}", ReadResults, "下载", "downloads", (*request).downloads),
		get("/data", ReadData, "数据", "data", (*request).data),
		get("/data/{batch}", ReadData, "批次", "a batch", (*request).batch),
		post("/data/{batch}/undo", UndoData, "撤销批次", "undo a batch", (*request).undoBatch),
		get("/load", LoadData, "导入数据", "load data", (*request).loadForm),
		post("/load", LoadData, "预览导入", "preview a load", (*request).previewLoad),
		get("/load/{token}", LoadData, "导入预览", "the preview of a load", (*request).waiting),
		post("/load/{token}", LoadData, "确认导入", "store what was previewed", (*request).commitLoad),
		get("/load/{token}/marked", LoadData, "标出错误的文件", "the file with its mistakes marked", (*request).markedFile),
		get("/load/template", LoadData, "模板", "a template to fill in", (*request).template),
		get("/runs", ReadData, "运行", "runs", (*request).runList),
		post("/runs", RunAssessments, "计算一期", "score a period", (*request).score),
		get("/runs/{run}", ReadData, "一次运行", "a run", (*request).oneRun),
		get("/org", ReadData, "机构", "organisation", (*request).organisation),
		get("/calendar", ReadRules, "日历", "calendar", (*request).workingDays),
		get("/schedules", ReadData, "定时任务", "schedules", (*request).schedules),
		get("/outbox", ReadOutbox, "发件箱", "outbox", (*request).outbox),
		get("/links", ShareResults, "公开链接", "public links", (*request).links),
		post("/links", ShareResults, "生成公开链接", "make a public link", (*request).makeLink),
		post("/links/revoke", ShareResults, "撤销公开链接", "revoke a public link", (*request).revokeLink),
		get("/public/{token}", HoldLink, "公开页", "a public page", (*request).public),
		get("/public/{token}/file", HoldLink, "公开页的文件", "a public page as a file", (*request).publicFile),
		get("/find", ReadResults, "查找", "search", (*request).find),
	}
}
