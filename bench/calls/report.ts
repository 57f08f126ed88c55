import type { Memory } from './memory.js';
import type { Result } from './measure.js';
import type { Reuse } from './reuse.js';

/** Everything that one run of the bench has measured. */
export interface Results {
  /** Calls per second of the server without latency. */
  readonly ceiling: number;
  readonly results: readonly Result[];
  readonly reuse: readonly Reuse[];
  readonly memory: Memory;
}

/** One line for the terminal. */
export function summarise(result: Result): string {
  const { leg, variant, seconds, bound, ratio, calls, planned, refused, lost, repeated } = result;
  return [
    `${leg} | ${variant}: ${seconds.toFixed(1)} s of at least ${bound.toFixed(1)} (${ratio.toFixed(2)})`,
    `${calls} calls for ${planned}, ${refused} refused, ${lost} lost, ${repeated} repeated`,
    `peak ${result.maxInFlight}, first call ${result.firstCall ?? '-'} s, ${result.peakMemory} MB, exit ${result.exitCode ?? 'ended'}`,
  ].join('; ');
}

const START = '<!-- bench:start -->';
const END = '<!-- bench:end -->';

/** The page with its tables made again between the two marks. */
export function renderTables(page: string, results: Results): string {
  const [before, rest] = page.split(START);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new TypeError(`the page lacks ${START}`);
  const parts = [
    `The server alone answers ${results.ceiling} calls per second.`,
    ...[...new Set(results.results.map(({ leg }) => leg))].map((leg) =>
      legTable(
        leg,
        results.results.filter((result) => result.leg === leg),
      ),
    ),
    reuseTable(results.reuse),
    memoryText(results.memory),
  ];
  return `${before}${START}\n<!-- prettier-ignore-start -->\n\n${parts.join('\n\n')}\n\n<!-- prettier-ignore-end -->\n${END}${after}`;
}

function legTable(leg: string, results: readonly Result[]): string {
  const rows = results.map((result) => [
    result.variant,
    result.exitCode === null
      ? `ended at ${result.seconds.toFixed(0)} s`
      : result.seconds.toFixed(1),
    result.lost > 0 ? '-' : result.ratio.toFixed(2),
    `${result.calls}`,
    `${result.refused} (${(result.refusedShare * 100).toFixed(1)} %)`,
    `${result.lost}`,
    `${result.maxInFlight}`,
    result.firstCall === null ? '-' : result.firstCall.toFixed(2),
    `${result.peakMemory}`,
    result.load.toFixed(1),
  ]);
  const [first] = results;
  const title = `### ${leg}: ${first?.planned ?? 0} calls, at least ${(first?.bound ?? 0).toFixed(1)} s`;
  return `${title}\n\n${table(HEAD, rows)}`;
}

const HEAD = [
  'variant',
  'seconds',
  'ratio to the bound',
  'calls sent',
  'refused',
  'lost',
  'most in flight',
  'first call after, s',
  'memory, MB',
  'load of the machine',
];

function reuseTable(reuse: readonly Reuse[]): string {
  const rows = reuse.map(({ leg, firstCalls, secondCalls, saved, seconds }) => [
    leg,
    `${firstCalls}`,
    `${secondCalls}`,
    `${saved}`,
    seconds.toFixed(1),
  ]);
  const head = ['second run', 'calls of the first', 'calls of the second', 'saved', 'seconds'];
  return `### Calls that are not made\n\n${table(head, rows)}`;
}

function memoryText({ examples, samples, calls, lost, seconds, peak, tenths }: Memory): string {
  return `### Memory\n\n${examples} examples by ${samples} replies: ${calls} calls, ${lost} lost, ${seconds.toFixed(0)} s. Peak ${peak} MB; median of each tenth of the run ${tenths.join(', ')} MB.`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(head),
    line(head.map((_, index) => (index === 0 ? '---' : '--:'))),
    ...rows.map(line),
  ].join('\n');
}
