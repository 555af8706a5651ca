package web

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// pathExamples are values for the parts of addresses.
var pathExamples = map[string]string{
	"pack": shanghai, "period": "2025H1", "subject": "PA01", "item": "timely_handling_rate", "statistic": "投诉件数", "at": "2025H1",
	"source": "名录",
}

// description is the OpenAPI document as a client reads it.
func description(t *testing.T, s *Server) map[string]any {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(mustGet(t, s, "/api/v1/openapi.json")), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// schemaAt compiles a schema of the document.
func schemaAt(t *testing.T, doc map[string]any, pointer string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	if err := c.AddResource("http://localhost/openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("http://localhost/openapi.json#" + pointer)
	if err != nil {
		t.Fatalf("%s: %v", pointer, err)
	}
	return schema
}

func answerPointer(pattern, method, status string) string {
	escaped := url.PathEscape(strings.ReplaceAll(strings.ReplaceAll(pattern, "~", "~0"), "/", "~1"))
	return "/paths/" + escaped + "/" + strings.ToLower(method) + "/responses/" + status + "/content/application~1json/schema"
}

func fits(t *testing.T, schema *jsonschema.Schema, body []byte) {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		t.Fatalf("no JSON: %v\n%.300s", err, body)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%v\n%.600s", err, body)
	}
}

func TestTheDescriptionHoldsEveryRouteAndNoOther(t *testing.T) {
	s := demoServer(t)
	paths := description(t, s)["paths"].(map[string]any)
	described := 0
	for _, r := range s.routes {
		if !strings.HasPrefix(r.Pattern, "/api/") {
			if r.API != nil {
				t.Errorf("%s is described but no part of the interface", r.Pattern)
			}
			continue
		}
		described++
		at, _ := paths[r.Pattern].(map[string]any)
		if r.API == nil || at[strings.ToLower(r.Method)] == nil {
			t.Errorf("%s %s is not described", r.Method, r.Pattern)
		}
	}
	count := 0
	for _, at := range paths {
		count += len(at.(map[string]any))
	}
	if count != described || count == 0 {
		t.Errorf("%d operations are described, there are %d", count, described)
	}
}

func TestEveryAnswerFitsTheDescription(t *testing.T) {
	s := demoServer(t)
	doc := description(t, s)
	for _, r := range s.routes {
		if r.API == nil || r.Method != http.MethodGet {
			continue
		}
		t.Run(r.Pattern, func(t *testing.T) {
			at := pathValues.ReplaceAllStringFunc(r.Pattern, func(m string) string { return url.PathEscape(pathExamples[strings.Trim(m, "{}")]) })
			if slices.ContainsFunc(r.API.Query, func(p parameter) bool { return p.Name == "pack" && p.Required }) {
				at += "?pack=" + shanghai
			}
			schema := schemaAt(t, doc, answerPointer(r.Pattern, r.Method, "200"))
			fits(t, schema, []byte(mustGet(t, s, at)))
		})
	}
	t.Run("explanations of every line", func(t *testing.T) {
		schema := schemaAt(t, doc, answerPointer("/api/v1/s/{pack}/{period}/{subject}/{item}", "GET", "200"))
		for _, item := range []string{"total", "policies", "negative_press", "motor_complaints_per_100m_premium", "quantitative"} {
			fits(t, schema, []byte(mustGet(t, s, "/api/v1/s/"+shanghai+"/2025H1/PF06/"+item)))
		}
	})
	t.Run("failures", func(t *testing.T) {
		schema := schemaAt(t, doc, answerPointer("/api/v1/runs", "GET", "default"))
		for _, at := range []string{"/api/v1/rank/" + shanghai + "/2025H1?run=R-000099", "/api/v1/rank/nowhere/2025H1", "/api/v1/rank/" + shanghai + "/半年", "/api/v1/s/" + shanghai + "/2025H1/XX", "/api/v1/subjects?pack=nowhere"} {
			w := get(t, s, at)
			if w.Code != http.StatusNotFound {
				t.Errorf("%s: %d", at, w.Code)
			}
			fits(t, schema, w.Body.Bytes())
		}
	})
}

// sendBody posts a body as it is.
func sendBody(s *Server, path, body string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodPost, path, strings.NewReader(body)))
	return w
}

func TestDataAreLoadedAndScoredThroughTheInterface(t *testing.T) {
	s := ownServer(t)
	doc := description(t, s)
	loaded := schemaAt(t, doc, answerPointer("/api/v1/batches", "POST", "200"))
	load := "/api/v1/batches?pack=" + shanghai + "&target=subjects&file=r.csv"
	header := "机构编码,机构名称,类别,机构类型,开业日期\n"
	w := sendBody(s, load, header+"PZ99,新财险,火星公司,省级分公司,2001-01-01\n")
	if w.Code != 422 || !strings.Contains(w.Body.String(), "火星公司") {
		t.Errorf("a bad file: %d %s", w.Code, w.Body)
	}
	fits(t, loaded, w.Body.Bytes())
	w = sendBody(s, load, header+"PZ99,新财险,财产保险公司,省级分公司,2001-01-01\n")
	if w.Code != http.StatusOK {
		t.Fatalf("load: %d %s", w.Code, w.Body)
	}
	fits(t, loaded, w.Body.Bytes())
	w = sendBody(s, "/api/v1/runs", `{"pack": "`+shanghai+`", "period": "2024"}`)
	if w.Code != http.StatusOK {
		t.Fatalf("score: %d %s", w.Code, w.Body)
	}
	fits(t, schemaAt(t, doc, answerPointer("/api/v1/runs", "POST", "200")), w.Body.Bytes())
	for _, bad := range []string{`{`, `{"pack": "x"}`, `{"pack": "x", "period": "2024", "extra": 1}`} {
		if w = sendBody(s, "/api/v1/runs", bad); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, w.Code)
		}
	}
	for _, bad := range []string{"?pack=" + shanghai, "?pack=nowhere&target=subjects&file=a.csv", "?pack=" + shanghai + "&target=subjects&file=../a.csv"} {
		if w = sendBody(s, "/api/v1/batches"+bad, "x"); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, w.Code)
		}
	}
}

func TestTheInterfaceMasksPersonalData(t *testing.T) {
	s := demoServer(t)
	body := mustGet(t, s, "/api/v1/cases/"+shanghai+"/2025H1/PA01/"+url.PathEscape("投诉件数")+"/2025H1")
	var out casesJSON
	if err := json.Unmarshal([]byte(body), &out); err != nil {
		t.Fatal(err)
	}
	page := mustGet(t, s, "/cases/"+shanghai+"/2025H1/PA01/"+url.PathEscape("投诉件数")+"/2025H1")
	if len(out.Records) == 0 || !strings.Contains(page, out.Records[0].Key) {
		t.Errorf("page and interface differ: %d records", len(out.Records))
	}
	for _, r := range out.Records {
		for name, value := range r.Fields {
			if value != mask(name, value) && !strings.Contains(value, "*") {
				t.Errorf("%s is not masked: %s", name, value)
			}
		}
	}
}
