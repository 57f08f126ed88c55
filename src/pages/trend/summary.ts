import { trendChart } from '../../report/trend.js';
import { code } from '../../base/sanitise.js';
import { EVERYTHING, type Suite, formatPointName } from './data.js';

/** The chart of P(Lie) over a suite's youngest records, for a job summary. Markdown; empty when nothing was measured. */
export function trendSummary({ name: suite, points }: Suite): string {
  const marks = points.flatMap((point) => {
    const rate = point.rates[EVERYTHING]?.pLie;
    const { createdAt, isComparable, release } = point;
    const isRelease = release !== null;
    const name = formatPointName(point);
    return rate ? [{ createdAt, isComparable, name, isRelease, share: rate.estimate }] : [];
  });
  const chart = trendChart(suite, marks);
  return chart === '' ? '' : `### P(Lie) of suite ${code(suite)}\n\n${chart}\n`;
}
