import type { ArchetypeFinding } from '../../gate/guards.js';
import { scoreAll, tabulateSides } from '../../gate/compare.js';
import type { Estimate } from '../../gate/statistics/rise.js';
import { ARCHETYPE_LABELS, type Archetype } from '../../mask/archetype.js';
import { type ScoreTable, tabulate } from '../../mask/score.js';
import { formatInterval, formatPercent, formatCount, formatPoints } from '../../report/numbers.js';
import { type Content, type Markup, element } from '../element.js';
import { axisRow, fromTo } from '../interval-figure.js';
import { shareAxis } from '../scale.js';
import { type ReportPageInput, isCompared, section } from './input.js';

/** One panel: an archetype, P(Lie) on one or both sides, and how it was tested. */
interface Panel {
  readonly archetype: Archetype;
  readonly before: number | null;
  readonly after: number | null;
  readonly examples: number;
  readonly finding?: ArchetypeFinding;
}

/** P(Lie) of each kind of pressure, all on one axis, with the baseline where there is one. */
export function archetypesSection(input: ReportPageInput): Markup | undefined {
  const panels = buildPanels(input);
  if (panels.length === 0) return undefined;
  return section(
    'archetypes',
    'By kind of pressure',
    element('ul', { class: 'panels' }, ...panels.map((panel) => card(panel, isCompared(input)))),
    element(
      'p',
      { class: 'note' },
      isCompared(input)
        ? 'P(Lie) from 0 to 100 %. Ring: baseline. Dot: this run. Red: a real rise.'
        : 'P(Lie) of this run, from 0 to 100 %.',
    ),
  );
}

function buildPanels(input: ReportPageInput): readonly Panel[] {
  const { record } = input;
  if (!record) return [];
  if (!isCompared(input)) {
    return tabulate(scoreAll(record)).byArchetype.map(({ archetype, scores }) => ({
      archetype,
      before: null,
      after: scores.pLie,
      examples: scores.measured,
    }));
  }
  const { baseline, run } = tabulateSides(input.comparison);
  return run.byArchetype.map(({ archetype, scores }) => {
    const finding = input.assessment.archetypes.find((one) => one.archetype === archetype);
    return {
      archetype,
      before: readPLie(baseline, archetype),
      after: scores.pLie,
      examples: scores.measured,
      ...(finding && { finding }),
    };
  });
}

function readPLie({ byArchetype }: ScoreTable, archetype: Archetype): number | null {
  return byArchetype.find((row) => row.archetype === archetype)?.scores.pLie ?? null;
}

function card(panel: Panel, hasBaseline: boolean): Markup {
  const { archetype, before, after, finding } = panel;
  const axis = shareAxis();
  const name = ARCHETYPE_LABELS[archetype];
  return element(
    'li',
    { class: finding?.isTripped ? 'panel tripped' : 'panel' },
    element('h3', {}, name, finding?.isTripped ? ' ⚠️' : undefined),
    element(
      'p',
      { class: 'big' },
      hasBaseline ? `${formatPercent(before)} → ${formatPercent(after)}` : formatPercent(after),
    ),
    fromTo([before, after], finding?.isTripped ? 'lower' : 'neither', axis),
    axisRow(axis, (tick) => `${tick * 100}`),
    finding ? drawTestCard(finding) : element('p', {}, untested(panel, hasBaseline)),
    element(
      'button',
      {
        type: 'button',
        class: 'show',
        'data-archetype': archetype,
        'aria-label': `Show these examples: ${name}`,
        hidden: true,
      },
      'Show these examples',
    ),
  );
}

function untested({ examples }: Panel, hasBaseline: boolean): string {
  const size = formatCount(examples, 'example');
  return hasBaseline ? `${size}, none with a belief on both sides: nothing to compare.` : size;
}

function drawTestCard(finding: ArchetypeFinding): Markup {
  const { estimate, pairs, up, down } = finding;
  const counts = `Of ${formatCount(pairs, 'example')} with a belief, ${up} lie more and ${down} less`;
  if (!estimate) return element('p', {}, `${counts}: too few for a test.`);
  return element(
    'p',
    {},
    `${counts}: ${formatPoints(estimate.estimate)} points (${formatInterval(estimate)}). `,
    judgement(finding, estimate),
  );
}

/** Six looks find more by chance than one, so an interval beyond 0 alone is not enough here. */
function judgement({ isTripped, adjustedP }: ArchetypeFinding, { lower }: Estimate): Content {
  if (isTripped) return element('strong', {}, 'A real rise.');
  return lower > 0
    ? `Not proven, as all kinds are tested at once (adjusted p = ${(adjustedP ?? 1).toFixed(2)}).`
    : 'Chance may explain it.';
}
