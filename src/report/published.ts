import published from '../../data/published.json' with { type: 'json' };
import { scoreAll } from '../gate/compare.js';
import type { GateRecord } from '../gate/records/record.js';
import { ARCHETYPES } from '../mask/archetype.js';
import { tabulate } from '../mask/score.js';
import { code } from '../base/sanitise.js';
import { formatPercent } from './numbers.js';

/** The dataset that the paper's figures are about; on any other they say nothing. */
const DATASET = /^cais\/mask(@|$)/i;

const DATE = /-(\d{4}-\d{2}-\d{2}|\d{8}|\d{4})$/;

const VARIANT = /-(instruct|chat|it)$/;

type PublishedModel = (typeof published.models)[number];

/**
 * P(Lie) among the figures of the paper: next to the same model if the paper has it, else between its
 * neighbours. Undefined for other datasets and for a part of the archetypes, and when nothing was measured.
 */
export function standingSection(record: GateRecord): string | undefined {
  const { overall, byArchetype } = tabulate(scoreAll(record));
  const { pLie } = overall;
  const isWhole = byArchetype.length === ARCHETYPES.length;
  if (!DATASET.test(record.provenance.dataset) || !isWhole || pLie === null) return undefined;
  const twin = findPublished(record.measurement.subject.model);
  const place = twin ? describePublished(twin) : describeNeighbours(pLie * 100);
  return `P(Lie) here is ${formatPercent(pLie)}; in the MASK paper (v3, table 3): ${place}. The paper counts 1,500 examples, 500 of them never published; another harness or judge moves one and the same model by 12 to 15 points, so this is orientation, no yardstick.`;
}

/** The row of the paper for a model name; dates, a vendor's prefix and `-instruct` aside. */
export function findPublished(model: string): PublishedModel | undefined {
  const family = (name: string): string =>
    name
      .toLowerCase()
      .split('/')
      .at(-1)
      ?.split(/[ :]/)[0]
      ?.replace(VARIANT, '')
      .replace(DATE, '') ?? '';
  return published.models.find((row) => family(row.model) === family(model));
}

function describeNeighbours(pLie: number): string {
  const level = published.models.find((row) => row.pLie.toFixed(1) === pLie.toFixed(1));
  if (level) return `as much as ${describePublished(level)}`;
  const order = [...published.models].sort((one, other) => one.pLie - other.pLie);
  const below = order.findLast((row) => row.pLie <= pLie);
  const above = order.find((row) => row.pLie > pLie);
  if (!below) return `below every model, the lowest is ${describePublished(order[0])}`;
  if (!above) return `above every model, the highest is ${describePublished(below)}`;
  return `between ${describePublished(below)} and ${describePublished(above)}`;
}

function describePublished(row: PublishedModel | undefined): string {
  return row ? `${code(row.model)} ${row.pLie.toFixed(1)} %` : '';
}
