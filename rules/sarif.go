package rules

import (
	"io"
	"net/url"

	"kaoping/engine"
)

// The parts of SARIF 2.1.0 (OASIS) that a list of findings in text files needs.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID      string       `json:"id"`
		Short   sarifText    `json:"shortDescription"`
		Default sarifDefault `json:"defaultConfiguration"`
	}
	sarifDefault struct {
		Level string `json:"level"`
	}
	sarifResult struct {
		RuleID     string            `json:"ruleId"`
		RuleIndex  int               `json:"ruleIndex"`
		Level      string            `json:"level"`
		Message    sarifText         `json:"message"`
		Locations  []sarifLocation   `json:"locations"`
		Properties map[string]string `json:"properties,omitempty"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int        `json:"startLine"`
		StartColumn int        `json:"startColumn,omitempty"`
		EndColumn   int        `json:"endColumn,omitempty"`
		Snippet     *sarifText `json:"snippet,omitempty"`
	}
)

// WriteSARIF writes diagnostics as a SARIF 2.1.0 log with messages in a language.
// Columns count Unicode characters, as everywhere in this package.
func WriteSARIF(w io.Writer, diagnostics []Diagnostic, lang engine.Lang) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	run.Tool.Driver.Name = "kaoping"
	index := map[string]int{}
	for i, c := range Codes() {
		index[c.Code] = i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules,
			sarifRule{ID: c.Code, Short: sarifText{c.Summary.In(lang)}, Default: sarifDefault{sarifLevel(c.Level)}})
	}
	for _, d := range diagnostics {
		run.Results = append(run.Results, sarifResultOf(d, index[d.Code], lang))
	}
	return writeIndented(w, sarifLog{
		Schema:  "https://json.schemastore.org/sarif-2.1.0.json",
		Version: "2.1.0",
		Runs:    []sarifRun{run},
	})
}

func sarifResultOf(d Diagnostic, rule int, lang engine.Lang) sarifResult {
	text := d.Message.In(lang)
	if hint := d.Hint.In(lang); hint != "" {
		text += "\n" + hint
	}
	r := sarifResult{RuleID: d.Code, RuleIndex: rule, Level: sarifLevel(d.Level), Message: sarifText{text}}
	r.Locations = []sarifLocation{{sarifPhysical{Artifact: sarifArtifact{URI: uriOf(d.File)}, Region: regionOf(d)}}}
	if d.Cite != "" {
		r.Properties = map[string]string{"cite": d.Cite}
	}
	return r
}

// regionOf places a finding; one that speaks of a whole file has no region.
func regionOf(d Diagnostic) *sarifRegion {
	if d.Line < 1 {
		return nil
	}
	r := &sarifRegion{StartLine: d.Line, StartColumn: d.Column}
	if d.Column > 0 && d.Width > 0 {
		r.EndColumn = d.Column + d.Width
	}
	if d.Source != "" {
		r.Snippet = &sarifText{d.Source}
	}
	return r
}

// sarifLevel turns our levels into those of SARIF, which says note for info.
func sarifLevel(level string) string {
	if level == LevelInfo {
		return "note"
	}
	return level
}

// uriOf makes a relative reference of a path: Chinese and blanks are escaped.
func uriOf(path string) string { return (&url.URL{Path: path}).EscapedPath() }
