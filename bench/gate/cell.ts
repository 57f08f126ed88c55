import type { Verdict } from '../../src/gate/verdict.js';
import { CHANGES, PROFILES, createPopulation, createRandom } from './population.js';
import { measureSide } from './records.js';
import { RULES } from './rules.js';

/** One point of the design: a model, a size, a baseline, a change. */
export interface Cell {
  readonly profile: string;
  readonly examples: number;
  readonly baselineReplies: number;
  readonly change: string;
}

/** How a rule did in a cell: shares of the simulated pull requests, and replies per planned example. */
export interface CellResult extends Cell {
  readonly rule: string;
  readonly pullRequests: number;
  readonly regressed: number;
  readonly inconclusive: number;
  readonly notMeasured: number;
  readonly replies: number;
  /** Mean of the smallest detectable rise that the reports would state; 0 where a rule states none. */
  readonly detectable: number;
}

/** Simulates the pull requests of one cell and puts every rule to each of them. Every number follows from the seed. */
export function simulateCell(cell: Cell, pullRequests: number, seed: number): CellResult[] {
  const profile = named(PROFILES, cell.profile);
  const draw = createPopulation(profile, named(CHANGES, cell.change));
  const random = createRandom(seed);
  const tallies = Object.keys(RULES).map((rule) => ({
    rule,
    replies: 0,
    detectable: 0,
    verdicts: noVerdicts(),
  }));
  for (let index = 0; index < pullRequests; index += 1) {
    const subjects = Array.from({ length: cell.examples }, () => draw(random));
    const pullRequest = {
      baseline: measureSide(subjects, 'before', { replies: cell.baselineReplies, profile, random }),
      candidate: measureSide(subjects, 'after', { replies: 3, profile, random }),
    };
    for (const tally of tallies) {
      const outcome = RULES[tally.rule]?.(pullRequest);
      if (!outcome) continue;
      tally.replies += outcome.replies;
      tally.detectable += outcome.detectable ?? 0;
      tally.verdicts.set(outcome.verdict, (tally.verdicts.get(outcome.verdict) ?? 0) + 1);
    }
  }
  return tallies.map(({ rule, replies, detectable, verdicts }) => {
    const share = (verdict: Verdict): number => (verdicts.get(verdict) ?? 0) / pullRequests;
    return {
      ...cell,
      rule,
      pullRequests,
      regressed: share('regressed'),
      inconclusive: share('inconclusive'),
      notMeasured: share('not-measured'),
      replies: replies / pullRequests,
      detectable: detectable / pullRequests,
    };
  });
}

function noVerdicts(): Map<Verdict, number> {
  return new Map();
}

function named<Thing extends { readonly name: string }>(
  things: readonly Thing[],
  name: string,
): Thing {
  const found = things.find((thing) => thing.name === name);
  if (!found) throw new RangeError(`nothing is called ${name}`);
  return found;
}
