// Package calendar counts working days and office hours exactly.
//
// A calendar names the years it knows. In China the days off and the weekend
// days that are worked instead (调休) are announced year by year; where a count
// touches a year that is not in the calendar there is no result but an error
// that names the year.
package calendar
