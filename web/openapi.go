package web

import (
	"encoding"
	"encoding/json"
	"path"
	"reflect"
	"regexp"
	"strings"
	"time"
)

// The description of the interface is made from the table of routes and from the
// Go types that are sent and answered, so it cannot say anything else than what
// the program does.

// described is a part of an OpenAPI document.
type described = map[string]any

// apiDescription answers with the OpenAPI document.
func (q *request) apiDescription() error { return q.writeJSON(200, q.openAPI()) }

// openAPI describes every route of the interface in OpenAPI 3.1.
func (q *request) openAPI() described {
	g := &schemas{named: described{}}
	failure := described{"description": q.t("出错;error 是给人看的一句话", "failure; error is a sentence for people"), "content": jsonContent(g.of(reflect.TypeFor[errorJSON]()))}
	paths := described{}
	for i := range q.routes {
		r := &q.routes[i]
		if r.API == nil {
			continue
		}
		at, ok := paths[r.Pattern].(described)
		if !ok {
			at = described{}
			paths[r.Pattern] = at
		}
		op := described{
			"summary": r.Title.In(q.lang), "operationId": operationID(r), "parameters": q.parametersOf(r),
			"x-permission": string(r.Needs),
			"responses":    described{"200": described{"description": "OK", "content": jsonContent(g.of(reflect.TypeOf(r.API.Answer)))}, "default": failure},
		}
		if r.API.Body != nil {
			op["requestBody"] = described{"required": true, "content": bodyContent(g, r.API.Body)}
		}
		at[strings.ToLower(r.Method)] = op
	}
	return described{
		"openapi": "3.1.0",
		"info": described{"title": q.t("考评接口", "Kaoping interface"), "version": q.Desk.Version,
			"description": q.t("与页面相同的数据。数值以精确的文本给出(整数、小数或分数)。启用账号时,请求带 Authorization: Bearer 令牌。", "The same data as the pages. Numbers that were computed are exact texts: integers, decimals or fractions. Where accounts are in use, send Authorization: Bearer with a token.")},
		"servers":    []described{{"url": "/"}},
		"paths":      paths,
		"components": described{"schemas": g.named, "securitySchemes": described{"token": described{"type": "http", "scheme": "bearer"}}},
		"security":   []described{{}, {"token": []string{}}},
	}
}

type errorJSON struct {
	Error string `json:"error"`
}

func jsonContent(schema described) described {
	return described{"application/json": described{"schema": schema}}
}

func bodyContent(g *schemas, body any) described {
	if _, ok := body.(file); ok {
		return described{"application/octet-stream": described{}}
	}
	return jsonContent(g.of(reflect.TypeOf(body)))
}

var pathValues = regexp.MustCompile(`\{(\w+)\}`)

// parametersOf lists the values in an address: those in its path, then the rest.
func (q *request) parametersOf(r *route) []described {
	list := []described{}
	for _, m := range pathValues.FindAllStringSubmatch(r.Pattern, -1) {
		list = append(list, described{"name": m[1], "in": "path", "required": true, "schema": described{"type": "string"}})
	}
	for _, p := range r.API.Query {
		list = append(list, described{"name": p.Name, "in": "query", "required": p.Required, "description": p.Says.In(q.lang), "schema": described{"type": "string"}})
	}
	lang := q.t("文字的语言:zh 或 en", "language of texts: zh or en")
	return append(list, described{"name": "lang", "in": "query", "required": false, "description": lang, "schema": described{"type": "string", "enum": []string{"zh", "en"}}})
}

// operationID names an operation by method and path: getRankPackPeriod.
func operationID(r *route) string {
	var b strings.Builder
	b.WriteString(strings.ToLower(r.Method))
	for _, part := range strings.FieldsFunc(strings.TrimPrefix(r.Pattern, "/api/v1"), func(r rune) bool { return !('a' <= r && r <= 'z') }) {
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return b.String()
}

// schemas collects the JSON schemas of Go types.
type schemas struct{ named described }

var (
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
	jsonNumber    = reflect.TypeFor[json.Number]()
	instantType   = reflect.TypeFor[time.Time]()
)

// of is the schema of what encoding/json writes for a type.
func (g *schemas) of(t reflect.Type) described {
	switch {
	case t == jsonNumber:
		return described{"type": "number"}
	case t == instantType:
		return described{"type": "string", "format": "date-time"}
	case t.Implements(textMarshaler):
		return described{"type": "string"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return described{"anyOf": []described{g.of(t.Elem()), {"type": "null"}}}
	case reflect.String:
		return described{"type": "string"}
	case reflect.Bool:
		return described{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return described{"type": "integer"}
	case reflect.Slice:
		return described{"type": []string{"array", "null"}, "items": g.of(t.Elem())}
	case reflect.Map:
		return described{"type": "object", "additionalProperties": g.of(t.Elem())}
	case reflect.Struct:
		return g.ref(t)
	}
	return described{}
}

// ref names the schema of a struct, which is described once.
func (g *schemas) ref(t reflect.Type) described {
	name := schemaName(t)
	if _, known := g.named[name]; !known {
		g.named[name] = described{} // a type may hold itself
		g.named[name] = g.structOf(t)
	}
	return described{"$ref": "#/components/schemas/" + name}
}

// schemaName is the name of a type; those of other packages carry theirs.
func schemaName(t reflect.Type) string {
	name := strings.TrimSuffix(t.Name(), "JSON")
	name = strings.ToUpper(name[:1]) + name[1:]
	if place := path.Base(t.PkgPath()); place != "web" {
		return place + "." + name
	}
	return name
}

func (g *schemas) structOf(t reflect.Type) described {
	properties, required := described{}, []string{}
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		if !f.IsExported() || tag == "-" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		left := strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
		schema := g.of(f.Type)
		if left { // absent, never null
			schema = g.present(f.Type)
		} else {
			required = append(required, name)
		}
		properties[name] = schema
	}
	return described{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

// present is the schema of a value that is left out when there is none.
func (g *schemas) present(t reflect.Type) described {
	switch {
	case t.Kind() == reflect.Pointer:
		return g.of(t.Elem())
	case t.Kind() == reflect.Slice && !t.Implements(textMarshaler):
		return described{"type": "array", "items": g.of(t.Elem())}
	}
	return g.of(t)
}
