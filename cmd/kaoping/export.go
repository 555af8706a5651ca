package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kaoping/engine"
	"kaoping/reports"
)

func (a *app) exportCommand() *cobra.Command {
	cmd := a.family("export", a.t("导出评分卡、排名为文件", "write scorecards and rankings as files"))
	cmd.AddCommand(
		a.exportOf("scorecard", a.t("导出评分卡", "write scorecards"), a.exportScorecards),
		a.exportOf("ranking", a.t("导出排名", "write rankings"), a.exportRankings),
	)
	return cmd
}

// exporter writes files and returns their paths.
type exporter func(d *reports.Document, s *assessment, subject, dir string, formats []string) ([]string, error)

func (a *app) exportOf(name, summary string, export exporter) *cobra.Command {
	var packName, periodText, subject, dir string
	cmd := &cobra.Command{
		Use: name, Short: summary, Args: a.args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			formats, err := a.exportFormats()
			if err != nil {
				return err
			}
			return a.withRun(packName, periodText, func(s *assessment, d *reports.Document) error {
				if dir == "" {
					config, err := a.config()
					if err != nil {
						return err
					}
					dir = config.Output
				}
				paths, err := export(d, s, subject, dir, formats)
				for _, path := range paths {
					fmt.Fprintln(a.stdout, path)
				}
				return err
			})
		},
	}
	a.storedFlags(cmd, &packName, &periodText)
	cmd.Flags().StringVarP(&dir, "output", "o", "", a.t("目录,默认为配置的 output", "folder (default: output of the configuration)"))
	if name == "scorecard" {
		cmd.Flags().StringVar(&subject, "subject", "", a.t("只导出一家", "one subject only"))
	}
	return cmd
}

// exportFormats reads --format: a list, by default the workbook.
func (a *app) exportFormats() ([]string, error) {
	if a.format == "" {
		return []string{"xlsx"}, nil
	}
	formats := strings.Split(a.format, ",")
	for _, format := range formats {
		switch format {
		case "xlsx", "csv", "json", "html", "pdf":
		default:
			return nil, a.unknownFormat("xlsx, csv, json, html, pdf")
		}
	}
	return formats, nil
}

func (a *app) exportScorecards(d *reports.Document, s *assessment, subject, dir string, formats []string) ([]string, error) {
	cards := s.result.Scorecards
	if subject != "" {
		card, err := s.findCard(subject)
		if err != nil {
			return nil, err
		}
		if card.Status == engine.NotAssessed {
			return nil, fail(exitConflict, card.Reason)
		}
		cards = []engine.Scorecard{*card}
	}
	var paths []string
	for i := range cards {
		for _, format := range formats {
			path := filepath.Join(dir, reports.ScorecardName(d, cards[i].Subject, format))
			err := createFile(path, func(w io.Writer) error {
				return reports.WriteScorecard(w, d, cards[i].Subject, format)
			})
			if err != nil {
				return paths, err
			}
			paths = append(paths, path)
		}
	}
	return paths, nil
}

func (a *app) exportRankings(d *reports.Document, s *assessment, _, dir string, formats []string) ([]string, error) {
	var paths []string
	for _, group := range groupsOf(s.pack, s.result) {
		for _, format := range formats {
			path := filepath.Join(dir, reports.RankingName(d, group.ID, format))
			err := createFile(path, func(w io.Writer) error {
				return reports.WriteRanking(w, d, group.ID, format)
			})
			if err != nil {
				return paths, err
			}
			paths = append(paths, path)
		}
	}
	return paths, nil
}
