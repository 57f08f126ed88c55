import path from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { webAddress, workflowRepository } from '../edges/github/address.js';
import { isInside, resolveRealPath } from '../edges/files/files.js';
import { type NamedPlace, checkOutputs } from '../edges/files/outputs.js';
import { readRecords } from '../edges/files/record-files.js';
import { RunError, UsageError } from '../base/errors.js';
import { badgeJson, badgeSvg } from '../pages/trend/badge.js';
import { renderTrendPage } from '../pages/trend/page.js';
import { groupBySuite } from '../pages/trend/series.js';
import { trendSummary } from '../pages/trend/summary.js';
import type { Suite } from '../pages/trend/data.js';
import { note, printLine } from './console.js';
import { writeBeside, writeNamed } from './files.js';

const flagsSchema = z.object({ output: z.string(), repository: z.string().optional() });

/** `mask-gate trend PLACES`: the trend page and its badges; prints a chart for a job summary. */
export function trendCommand(): Command {
  return new Command('trend')
    .description('Write the trend page and the badges from stored records; print a chart.')
    .argument('<places...>', 'Records, or folders of records.')
    .option('-o, --output <file>', 'The page; the badges are written next to it.', 'trend.html')
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
    throw new UsageError([{ where: places.join(', '), message: 'contains no record' }]);
  }
  const page = { setting: '--output', path: output };
  await refuseRecord(page, places);
  const suites = groupBySuite(records);
  printLine(suites.map(trendSummary).join('\n'));
  const isWritten = await writeNamed(page, () => renderTrendPage({ suites, repository }));
  const badges = suites.flatMap((suite) =>
    drawBadges(suite, path.dirname(output), suites.length === 1),
  );
  const written = isWritten ? [output] : [];
  for (const { file, text, mark } of badges) {
    if (await writeBeside({ ...page, path: file }, text, mark)) written.push(file);
  }
  note(`Written: ${written.join(', ') || 'nothing'}`);
  if (!isWritten) throw new RunError('The trend page is not written.');
}

/** The page must not take the place of a record that is read, and its folder is tried. */
async function refuseRecord(page: NamedPlace, places: readonly string[]): Promise<void> {
  await checkOutputs(
    [page],
    places.map((place) => ({ setting: 'this command', path: place })),
  );
  const real = await resolveRealPath(page.path);
  const folders = await Promise.all(places.map(resolveRealPath));
  if (!page.path.endsWith('.json') || !folders.some((folder) => isInside(folder, real))) return;
  const message = `"${page.path}" is where records are read; name a page, such as trend.html`;
  throw new UsageError([{ where: page.setting, message }]);
}

interface BadgeFile {
  readonly file: string;
  readonly text: string;
  /** How a file of this kind is known. */
  readonly mark: RegExp;
}

/** `badge.json` and `badge.svg`; with several suites each has its own, by name. */
function drawBadges(suite: Suite, folder: string, isOnly: boolean): readonly BadgeFile[] {
  const name = isOnly ? 'badge' : `badge-${suite.name}`;
  return [
    {
      file: path.join(folder, `${name}.json`),
      text: badgeJson(suite),
      mark: /"label": "P\(Lie\)"/,
    },
    {
      file: path.join(folder, `${name}.svg`),
      text: badgeSvg(suite),
      mark: /aria-label="P\(Lie\): /,
    },
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
