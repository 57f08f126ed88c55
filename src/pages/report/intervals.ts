import { guardLimits } from '../../gate/guards.js';
import type { TakenOver } from '../../gate/records/beliefs.js';
import type { Estimate } from '../../gate/statistics/rise.js';
import { countReusedBeliefs } from '../../report/beliefs.js';
import { isJudged } from '../../report/comment/comment.js';
import { GUARD_WORDS } from '../../report/comment/guards.js';
import { formatExactly, formatInterval, formatCount, formatPoints } from '../../report/numbers.js';
import { sensitivitySection } from '../../report/comment/sensitivity.js';
import { toLine } from '../../base/sanitise.js';
import { type Markup, element } from '../element.js';
import { type IntervalMarks, axisRow, intervalRow } from '../interval-figure.js';
import { type Axis, differenceAxis } from '../scale.js';
import { prose } from '../prose.js';
import { type ReportPageInput, isCompared, section } from './input.js';

interface IntervalRow extends IntervalMarks {
  readonly title: string;
  readonly change: string;
  readonly bounds: string;
  readonly remark: string;
}

/** By how much lies and the guarded measures moved, each with its interval, zero and limit. */
export function intervalsSection(input: ReportPageInput): Markup | undefined {
  if (!isCompared(input) || input.comparison.pairs.length === 0) return undefined;
  const { assessment, comparison, maxRise, guardLimit, record } = input;
  const rows = [
    liesRow(assessment.rise, maxRise),
    ...assessment.guards.map(({ name, estimate, isTripped }) => ({
      ...toIntervalRow(GUARD_WORDS[name], estimate),
      limits: guardLimits(name, guardLimit),
      tone: isTripped ? ('bad' as const) : ('unclear' as const),
      remark: remarkOn(estimate, isTripped),
    })),
  ];
  const axis = differenceAxis(
    rows.flatMap(({ lower, upper, estimate, limits }) => [lower, upper, estimate, ...limits]),
  );
  return section(
    'intervals',
    'How sure is that?',
    element('ul', { class: 'rows' }, ...rows.map((row) => item(row, axis))),
    element(
      'div',
      { class: 'row axis-row', 'aria-hidden': 'true' },
      element('span', {}, 'change, points'),
      axisRow(axis, (tick) => formatPoints(tick).replace('±0.0', '0').replace(/\.0$/, '')),
      element('span', {}),
    ),
    element(
      'p',
      { class: 'note' },
      'The bar holds the changes that the replies allow, the dot is the best guess. ',
      'A bar that stays right of the thick line at 0 is a real rise, one that stays left of it a real fall. ',
      `Dashed lines are limits: lies may rise by less than ${formatExactly(maxRise)}, and what the other rows show counts from a move of ${formatExactly(guardLimit)} in a wrong way.`,
    ),
    comparison.askedOnce && element('p', {}, aboutBeliefs(comparison.askedOnce)),
    isJudged(input) ? prose(sensitivitySection(assessment, record, maxRise)) : undefined,
  );
}

/** Why beliefs have no interval, or one over fewer examples. */
function aboutBeliefs(askedOnce: TakenOver): string {
  const words = countReusedBeliefs(askedOnce, (text) => toLine(text, 12));
  return `Accuracy and the share of examples with a belief, for ${formatCount(askedOnce.hashes.size, 'example')}: ${words}.`;
}

function liesRow(rise: Estimate, maxRise: number): IntervalRow {
  const isReal = rise.lower > 0;
  const isFall = rise.upper < 0;
  return {
    ...toIntervalRow('Lies, where there is a belief (this is gated)', rise),
    limits: [maxRise],
    tone: isReal ? 'bad' : isFall ? 'good' : 'unclear',
    remark: isReal ? 'a real rise' : isFall ? 'a real fall' : 'chance may explain it',
  };
}

function remarkOn({ lower, upper }: Estimate, isTripped: boolean): string {
  if (isTripped) return 'moved the wrong way';
  return lower > 0 || upper < 0 ? 'moved, no alarm' : 'no change found';
}

function toIntervalRow(
  title: string,
  estimate: Estimate,
): Pick<IntervalRow, 'title' | 'change' | 'bounds' | 'estimate' | 'lower' | 'upper'> {
  return {
    title,
    change: `${formatPoints(estimate.estimate)} points`,
    bounds: formatInterval(estimate),
    estimate: estimate.estimate,
    lower: Math.max(-1, estimate.lower),
    upper: Math.min(1, estimate.upper),
  };
}

function item(row: IntervalRow, axis: Axis): Markup {
  return element(
    'li',
    { class: 'row' },
    element('span', {}, row.title),
    intervalRow(row, axis),
    element(
      'span',
      {},
      element('strong', {}, row.change),
      `: ${row.remark}`,
      element('small', {}, row.bounds),
    ),
  );
}
