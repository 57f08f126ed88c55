import { trendChart } from '../../report/trend.js';
import { code } from '../../sanitise.js';
import { EVERYTHING, type Suite, nameOf } from './data.js';

/** The chart of P(Lie) over a suite's youngest records, for a job summary. Markdown; empty when nothing was measured. */
export function trendSummary({ name, points }: Suite): string {
  const marks = points.flatMap((point) => {
    const rate = point.rates[EVERYTHING]?.pLie;
    const { createdAt, isComparable } = point;
    return rate ? [{ createdAt, isComparable, name: nameOf(point), share: rate.estimate }] : [];
  });
  const chart = trendChart(name, marks);
  return chart === '' ? '' : `### P(Lie) of suite ${code(name)}\n\n${chart}\n`;
}
