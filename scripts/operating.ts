import { z } from 'zod';

const resultsSchema = z.object({
  pullRequests: z.number(),
  rows: z.array(
    z.object({
      profile: z.string(),
      examples: z.number(),
      baselineReplies: z.number(),
      change: z.string(),
      rule: z.string(),
      regressed: z.number(),
      inconclusive: z.number(),
      replies: z.number(),
      detectable: z.number(),
    }),
  ),
});

type Results = z.infer<typeof resultsSchema>;
type Row = Results['rows'][number];

export function parseResults(json: string): Results {
  return resultsSchema.parse(JSON.parse(json));
}

/** The rows of the table in docs/statistics.md, without its head: one for each rule, size and baseline. */
export function operatingRows({ rows }: Results): readonly (readonly string[])[] {
  const heads = rows.filter(({ change }) => change === 'identical');
  return heads.map((head) => {
    const at = (change: string): Row | undefined =>
      rows.find((row) => isSameDesign(row, head) && row.change === change);
    const cell = (change: string): string => {
      const row = at(change);
      return row ? percent(row.regressed) : '';
    };
    return [
      head.profile,
      head.rule,
      `${head.examples}`,
      `${head.baselineReplies}`,
      cell('identical'),
      cell('reshuffled'),
      cell('+5'),
      cell('+10'),
      cell('+15'),
      percent(head.inconclusive),
      `${Math.round(head.replies * 100)} / ${Math.round((at('reshuffled')?.replies ?? 0) * 100)}`,
    ];
  });
}

export const OPERATING_HEAD = [
  'model',
  'rule',
  'pairs',
  'k_b',
  'identical',
  'reshuffled',
  '+5',
  '+10',
  '+15',
  'inconclusive, identical',
  'replies in %, identical / reshuffled',
];

function isSameDesign(one: Row, other: Row): boolean {
  return (
    one.profile === other.profile &&
    one.rule === other.rule &&
    one.examples === other.examples &&
    one.baselineReplies === other.baselineReplies
  );
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}

/** One panel of the plot: what is shown, and up to where its axis goes. */
const PANELS = [
  { change: 'identical', title: 'False alarms, identical model', top: 0.25 },
  { change: 'reshuffled', title: 'False alarms, reshuffled model', top: 0.25 },
  { change: '+5', title: 'A rise of 5 points is found', top: 1 },
  { change: '+10', title: 'A rise of 10 points is found', top: 1 },
] as const;

/** Lines that differ in colour, dash and mark, so that they can be told apart in print. */
const STYLES: Readonly<Record<string, { colour: string; dash: string; mark: string }>> = {
  'mask-gate': { colour: '#0b6e4f', dash: '', mark: '●' },
  'mask-gate, one shot': { colour: '#3f8efc', dash: '6 3', mark: '○' },
  'bare threshold, > 5 points': { colour: '#c1121f', dash: '2 3', mark: '■' },
  'McNemar mid-p, one-sided 5 %': { colour: '#7b2cbf', dash: '8 3 2 3', mark: '▲' },
  'microsoft/ai-agent-evals': { colour: '#b5651d', dash: '1 4', mark: '◆' },
  'multivon-ai/eval-action': { colour: '#495057', dash: '10 4', mark: '✕' },
};

const PANEL = { width: 290, height: 190, left: 46, top: 34 };
const LEGEND_HEIGHT = 64;

/** A picture of the table for baselines of five replies: a row of panels for each kind of model. SVG. */
export function operatingPlot(results: Results): string {
  const profiles = [...new Set(results.rows.map(({ profile }) => profile))];
  const width = PANELS.length * PANEL.width;
  const height = profiles.length * PANEL.height + LEGEND_HEIGHT;
  const panels = profiles.flatMap((profile, line) =>
    PANELS.map((panel, column) =>
      drawPanel(panel, results, { profile, x: column * PANEL.width, y: line * PANEL.height }),
    ),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11" role="img" aria-label="False alarms and detection by number of pairs, for six rules">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...panels,
    drawLegend(height - LEGEND_HEIGHT + 18),
    '</svg>\n',
  ].join('\n');
}

interface Place {
  readonly profile: string;
  readonly x: number;
  readonly y: number;
}

function drawPanel(panel: (typeof PANELS)[number], { rows }: Results, place: Place): string {
  const { profile, x, y } = place;
  const shown = rows.filter(
    (row) => row.profile === profile && row.change === panel.change && row.baselineReplies === 5,
  );
  const sizes = [...new Set(shown.map(({ examples }) => examples))];
  const inner = { width: PANEL.width - PANEL.left - 14, height: PANEL.height - PANEL.top - 30 };
  const xOf = (size: number): number =>
    x + PANEL.left + (sizes.indexOf(size) / (sizes.length - 1)) * inner.width;
  const yOf = (share: number): number =>
    y + PANEL.top + (1 - Math.min(1, share / panel.top)) * inner.height;
  const ticks = [0, 0.5, 1].map((part) => part * panel.top);
  return [
    text(x + PANEL.left, y + 20, `${panel.title} (${profile})`, 'start', '#111'),
    ...ticks.flatMap((tick) => [
      `<path d="M${x + PANEL.left} ${yOf(tick)}h${inner.width}" stroke="#ddd"/>`,
      text(
        x + PANEL.left - 6,
        yOf(tick) + 4,
        `${(tick * 100).toFixed(tick < 0.2 && tick > 0 ? 1 : 0)} %`,
        'end',
      ),
    ]),
    ...sizes.map((size) => text(xOf(size), y + PANEL.height - 14, `${size}`, 'middle')),
    ...Object.entries(STYLES).map(([rule, { colour, dash, mark }]) => {
      const points = shown.filter((row) => row.rule === rule);
      const path = points
        .map((row, index) => `${index === 0 ? 'M' : 'L'}${xOf(row.examples)} ${yOf(row.regressed)}`)
        .join('');
      const marks = points.map((row) =>
        text(xOf(row.examples), yOf(row.regressed) + 4, mark, 'middle', colour),
      );
      return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="1.6" stroke-dasharray="${dash}"/>${marks.join('')}`;
    }),
  ].join('\n');
}

function drawLegend(y: number): string {
  return Object.entries(STYLES)
    .map(([rule, { colour, dash, mark }], index) => {
      const x = 46 + (index % 3) * 300;
      const line = y + Math.floor(index / 3) * 22;
      return `<path d="M${x} ${line - 4}h34" stroke="${colour}" stroke-width="1.6" stroke-dasharray="${dash}"/>${text(x + 17, line, mark, 'middle', colour)}${text(x + 44, line, rule, 'start', '#111')}`;
    })
    .join('\n');
}

function text(x: number, y: number, words: string, anchor: string, colour = '#444'): string {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${colour}">${escaped}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
