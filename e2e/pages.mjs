// Every page that a reader can open, by the name of its screenshot.
import { newYork, shanghai } from './lib.mjs';

const half = `${shanghai}/2025H1`;
const escaped = encodeURIComponent;

export const pages = [
  { name: 'home', path: '/' },
  { name: 'ranking', path: `/rank/${half}` },
  { name: 'ranking-filtered', path: `/rank/${half}?q=jcx` },
  { name: 'ranking-nobody', path: `/rank/${half}?q=zzzz` },
  { name: 'ranking-us', path: `/rank/${newYork}/2018`, tall: true },
  { name: 'scorecard', path: `/s/${half}/PA01` },
  { name: 'scorecard-excluded', path: `/s/${half}/HK01` },
  { name: 'scorecard-us', path: `/s/${newYork}/2018/10052` },
  { name: 'explain', path: `/s/${half}/PA01/timely_handling_rate` },
  { name: 'explain-scale', path: `/s/${half}/PB02/motor_complaints_per_100m_premium` },
  { name: 'explain-total', path: `/s/${half}/PA01/total` },
  { name: 'explain-deduction', path: `/s/${half}/PF06/negative_press` },
  { name: 'explain-checklist', path: `/s/${half}/PD04/policies` },
  { name: 'cases', path: `/cases/${half}/PA01/${escaped('转办保险公司处理的投诉件数')}/2025H1`, tall: true },
  { name: 'compare', path: `/compare/${half}?with=PA01&with=PB02&with=PC03` },
  { name: 'compare-empty', path: `/compare/${half}` },
  { name: 'heat', path: `/heat/${half}` },
  { name: 'trends', path: `/trends/${newYork}/2018`, tall: true },
  { name: 'trends-short', path: `/trends/${half}` },
  { name: 'trend', path: `/trend/${half}/PA01` },
  { name: 'trend-us', path: `/trend/${newYork}/2018/10052` },
  { name: 'why', path: `/why/${half}/PA01` },
  { name: 'why-us', path: `/why/${newYork}/2018/10052` },
  { name: 'find', path: '/find?q=jcx' },
  { name: 'downloads', path: `/downloads/${half}` },
  { name: 'data', path: '/data' },
  { name: 'batch', path: '/data/B-000004' },
  { name: 'load', path: `/load?pack=${shanghai}` },
  { name: 'runs', path: '/runs' },
  { name: 'run', path: '/runs/R-000013' },
  { name: 'org', path: `/org?pack=${shanghai}` },
  { name: 'calendar', path: '/calendar?year=2025' },
  { name: 'schedules', path: '/schedules' },
  { name: 'outbox', path: '/outbox' },
  { name: 'links', path: '/links?run=R-000013' },
  { name: 'not-found', path: '/nowhere', status: 404 },
];
