package engine

// Lang is a language of messages and reports.
type Lang string

// The two languages; Chinese is the default everywhere.
const (
	Chinese Lang = "zh"
	English Lang = "en"
)

// Text is one sentence in both languages. Everything a person may read is a
// Text until the last moment, when somebody asks for it In a language.
type Text struct {
	ZH string `json:"zh,omitempty"`
	EN string `json:"en,omitempty"`
}

// In returns the sentence in the language, or in the other one if it is absent.
func (t Text) In(l Lang) string {
	if l == English && t.EN != "" || t.ZH == "" {
		return t.EN
	}
	return t.ZH
}

// IsZero reports whether there is nothing to say.
func (t Text) IsZero() bool { return t.ZH == "" && t.EN == "" }
