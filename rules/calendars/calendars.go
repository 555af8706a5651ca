// Package calendars holds the working-day calendars that ship with the program. A
// file of the same name in a folder calendars beside the packs takes their place.
package calendars

import "embed"

// FS holds one file for each calendar: cn.yaml.
//
//go:embed *.yaml
var FS embed.FS
