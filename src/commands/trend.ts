import path from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { webAddress, workflowRepository } from '../edges/address.js';
import { writeWhole } from '../edges/files.js';
import { readRecords } from '../edges/records.js';
import { UsageError } from '../errors.js';
import { badgeJson, badgeSvg } from '../pages/trend/badge.js';
import { renderTrendPage } from '../pages/trend/page.js';
import { suitesOf } from '../pages/trend/series.js';
import { trendSummary } from '../pages/trend/summary.js';
import type { Suite } from '../pages/trend/data.js';
import { note, print } from './console.js';

const flagsSchema = z.object({ output: z.string(), repository: z.string().optional() });

/** `mask-gate trend PLACES`: the trend page and the badges beside it; prints a chart for a job summary. */
export function trendCommand(): Command {
  return new Command('trend')
    .description('Write the trend page and the badges from stored records; print a chart.')
    .argument('<places...>', 'Records, or folders that hold them.')
    .option('-o, --output <file>', 'The page; the badges are written beside it.', 'trend.html')
    .option('--repository <url>', 'Address of the repository, for links to commits.')
    .action(async (places: readonly string[], raw: unknown) => {
      const flags = flagsSchema.parse(raw);
      await writeTrend(places, flags.output, readRepository(flags.repository));
    });
}

async function writeTrend(
  places: readonly string[],
  output: string,
  repository: string | null,
): Promise<void> {
  const { records, leftOut } = await readRecords(places);
  for (const { where, message } of leftOut) note(`Left out: ${where}: ${message}`);
  if (records.length === 0) {
    throw new UsageError([{ where: places.join(', '), message: 'holds no record' }]);
  }
  const suites = suitesOf(records);
  const files = new Map([
    [output, renderTrendPage({ suites, repository })],
    ...suites.flatMap((suite) => badgesOf(suite, path.dirname(output), suites.length === 1)),
  ]);
  for (const [file, text] of files) await writeWhole(file, text);
  print(suites.map(trendSummary).join('\n'));
  note(`Written: ${[...files.keys()].join(', ')}`);
}

/** `badge.json` and `badge.svg`; with several suites each has its own, by name. */
function badgesOf(
  suite: Suite,
  folder: string,
  isOnly: boolean,
): readonly (readonly [string, string])[] {
  const name = isOnly ? 'badge' : `badge-${suite.name}`;
  return [
    [path.join(folder, `${name}.json`), badgeJson(suite)],
    [path.join(folder, `${name}.svg`), badgeSvg(suite)],
  ];
}

/** The repository that a flag names, else that of the workflow. Only a web address may become a link. */
function readRepository(flag: string | undefined): string | null {
  if (flag === undefined) return workflowRepository();
  const address = webAddress(flag);
  if (address !== null) return address;
  throw new UsageError([
    { where: '--repository', message: `must be a web address (found "${flag}")` },
  ]);
}
