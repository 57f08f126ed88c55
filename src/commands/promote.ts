import { Command } from 'commander';
import { z } from 'zod';
import { parseConfig } from '../config/parse.js';
import { DEFAULT_CONFIG } from '../config/settings.js';
import { missing } from '../edges/files/files.js';
import { checkOutput, tryFolder } from '../edges/files/outputs.js';
import { type PromotionPlace, writePromotion } from '../edges/files/promotions.js';
import { UsageError } from '../base/errors.js';
import { isYoung } from '../gate/records/age.js';
import { scoreAll } from '../gate/compare.js';
import { findPartiality } from '../gate/promotable.js';
import {
  PROMOTION_SCHEMA,
  type PromotedRecord,
  promotionSchema,
} from '../gate/records/promotion.js';
import type { GateRecord } from '../gate/records/record.js';
import { findShortage } from '../gate/shortage.js';
import { readConfigFile } from '../session/prepare.js';
import { describeBelieved } from '../report/comment/shortage.js';
import { note } from './console.js';
import { readRecordFile } from './records.js';

const flagsSchema = z.object({
  who: z.string(),
  why: z.string(),
  when: z.string().optional(),
  at: z.string().optional(),
  into: z.string().optional(),
  config: z.string(),
});

type PromoteFlags = z.infer<typeof flagsSchema>;

/** `mask-gate promote RECORD`: make a record the baseline by hand. Writes one file; committing it is left to its author. */
export function promoteCommand(): Command {
  return new Command('promote')
    .description('Make a record the baseline by hand: who, why, when.')
    .argument('<record>', 'The record of a whole run.')
    .requiredOption('--who <name>', 'Who decides it; shown in every report.')
    .requiredOption('--why <text>', 'Why; shown in every report.')
    .option('--when <time>', 'When, in UTC, such as 2026-03-01T12:00:00Z. Default: now.')
    .option(
      '--at <commit>',
      'Full SHA of the first commit that uses this baseline. Default: the commit of the record.',
    )
    .option(
      '--into <place>',
      'A committed baseline (a .json file), or a folder of records such as a checkout of the data branch. Default: the place that the configuration names.',
    )
    .option('--config <file>', 'Configuration file.', DEFAULT_CONFIG)
    .action(async (recordPath: string, raw: unknown) => {
      await promote(recordPath, flagsSchema.parse(raw));
    });
}

async function promote(recordPath: string, flags: PromoteFlags): Promise<void> {
  const record = await readRecordFile(recordPath);
  const partiality = findPartiality(record);
  if (partiality !== undefined) {
    throw refuse(recordPath, `can't be a baseline: ${partiality}`);
  }
  const place =
    flags.into === undefined
      ? await resolvePromotionPlace(flags.config, record)
      : readPlace(flags.into);
  const promoted = readPromotion(flags, record, 'folder' in place);
  await tryPlace(place, flags.into === undefined ? 'baseline.path' : '--into');
  const file = await writePromotion(place, promoted);
  note(`Written: ${file}`);
  note('It takes effect when it is in the repository: commit it, and push or merge it.');
  const shortage = findShortage(scoreAll(record));
  if (shortage) {
    note(
      `Nothing can be compared with it: ${describeBelieved(shortage)}, ${shortage.needed} are needed.`,
    );
  }
}

/** @throws UsageError with everything that is wrong with who, why, when and where */
function readPromotion(
  { who, why, when, at }: PromoteFlags,
  record: GateRecord,
  needsCommit: boolean,
): PromotedRecord {
  const now = new Date();
  const parsed = promotionSchema.safeParse({
    schema: PROMOTION_SCHEMA,
    who: who.trim(),
    why: why.trim(),
    when: when ?? now.toISOString(),
    commit: at ?? record.provenance.commit,
    record,
  });
  if (!parsed.success) {
    const flagOf: Readonly<Record<string, string>> = { commit: '--at' };
    throw new UsageError(
      parsed.error.issues.map(({ path: [key = ''], message }) => ({
        where: flagOf[String(key)] ?? `--${String(key)}`,
        message,
      })),
    );
  }
  const { data } = parsed;
  if (needsCommit && data.commit === null) {
    throw refuse(
      '--at',
      'is needed: the record names no commit, and a baseline is found by its commit',
    );
  }
  if (!isYoung(data.when, { now, maxAge: Infinity })) throw refuse('--when', 'is in the future');
  return data;
}

/** @throws UsageError when nothing can be written there */
async function tryPlace(place: PromotionPlace, setting: string): Promise<void> {
  if ('file' in place) {
    const problems = await checkOutput({ setting, path: place.file }, []);
    if (problems.length > 0) throw new UsageError(problems);
    return;
  }
  const fault = await tryFolder(place.folder);
  if (fault !== undefined) {
    throw refuse(setting, `"${place.folder}" can't be written to: ${fault}; name another folder`);
  }
}

function readPlace(into: string): PromotionPlace {
  return into.endsWith('.json') ? { file: into } : { folder: into };
}

/** Where the configuration keeps baselines of the suite that the record is of. */
async function resolvePromotionPlace(
  configFile: string,
  record: GateRecord,
): Promise<PromotionPlace> {
  const request = { setting: '--config', path: configFile, root: '.' };
  const file = await readConfigFile(request);
  if (file.isAbsent) {
    throw new UsageError([
      missing(request),
      { where: '--into', message: 'may name the place, too' },
    ]);
  }
  const parsed = parseConfig({ settings: file.settings, origin: configFile }, []);
  const problems = [...file.problems, ...parsed.problems];
  if (problems.length > 0) throw new UsageError(problems);
  const { suite, baseline } = parsed.config;
  const own = record.measurement.suite;
  if (suite !== own) {
    throw refuse('suite', `is ${suite} in ${configFile}, but the record belongs to ${own}`);
  }
  if (baseline.store === 'branch') {
    throw refuse(
      '--into',
      `is needed: check out the branch ${baseline.branch} next to the repository (git worktree add), and name that folder`,
    );
  }
  return baseline.store === 'committed' ? { file: baseline.path } : { folder: baseline.path };
}

function refuse(where: string, message: string): UsageError {
  return new UsageError([{ where, message }]);
}
