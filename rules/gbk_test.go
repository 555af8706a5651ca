package rules

import "golang.org/x/text/encoding/simplifiedchinese"

func asGBK(utf8 []byte) []byte {
	out, err := simplifiedchinese.GB18030.NewEncoder().Bytes(utf8)
	if err != nil {
		panic(err)
	}
	return out
}
