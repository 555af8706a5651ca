package web

import "kaoping/engine"

// Permission is what somebody must be allowed to do to send a request.
type Permission string

// The permissions.
const (
	ReadResults Permission = "read results" // rankings, scorecards, comparisons
	ReadCases   Permission = "read cases"   // records behind the numbers, masked
	ReadData    Permission = "read data"    // batches, runs
	ReadRules   Permission = "read rules"   // packs, help, playground
	EditRules   Permission = "edit rules"   // the editor, drafts
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
	return append(pageRoutes(), apiRoutes()...)
}

func pageRoutes() []route {
	get := func(pattern string, needs Permission, zh, en string, page func(*request) error) route {
		return route{Method: "GET", Pattern: pattern, Needs: needs, Title: engine.Text{ZH: zh, EN: en}, page: page}
	}
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
		get("/find", ReadResults, "查找", "search", (*request).find),
	}
}
