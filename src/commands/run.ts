import path from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import type { GatePolicy } from '../config/config.js';
import { type Verbosity, describeSettings, effectiveSettings } from '../config/describe.js';
import { elapsed } from '../edges/model/call-limits.js';
import { checkOutput, placesRead, writeOutput } from '../edges/files/outputs.js';
import { RESULT_FILES, RESULT_PARTS } from '../edges/files/result-files.js';
import { type Results, openResults } from '../edges/files/results.js';
import { NO_CACHE_FOLDER, readCacheFolder } from '../edges/github/runner.js';
import { type Problem, UsageError, toMessage } from '../base/errors.js';
import { conclude, isRecordable } from '../gate/decide.js';
import { NO_ORIGIN } from '../gate/records/record.js';
import type { RunResult } from '../gate/result.js';
import type { BaselineLookup } from '../gate/records/baseline.js';
import { underEnforcement } from '../gate/waiver.js';
import type { ReportPageInput } from '../pages/report/input.js';
import { renderReportPage } from '../pages/report/page.js';
import { type ReportInput, renderReport, reproduceLine } from '../report/comment/comment.js';
import { renderJson } from '../report/json.js';
import { renderJunit } from '../report/comment/junit.js';
import type { Prepared } from '../session/prepare.js';
import { describePace } from '../session/progress.js';
import { listenForSignals } from '../session/interrupt.js';
import { knownBaseline, runSession } from '../session/session.js';
import { checkTranscripts } from '../session/transcribing.js';
import { createProgress, note, printLine } from './console.js';
import { readBaselineFile } from './records.js';
import { prepareFromFlags, withSettings } from './settings.js';
import { checkedRecord } from '../edges/files/record-store.js';

const flagsSchema = z.object({
  config: z.string(),
  mode: z.string(),
  output: z.string(),
  baseline: z.string().optional(),
  baseTranscripts: z.string().optional(),
  junit: z.string().optional(),
  json: z.boolean().default(false),
  quiet: z.boolean().default(false),
  verbose: z.boolean().default(false),
});

/** `mask-gate run`: evaluate, compare with a record if one is given, write a record. */
export function runCommand(): Command {
  const command = new Command('run').description('Evaluate a model and write a record.');
  return withSettings(command)
    .option('--baseline <record>', 'Record to compare with.')
    .option('--base-transcripts <file>', 'Transcripts of that record, to show its answers too.')
    .option('--junit <file>', 'Write the result as JUnit XML as well.')
    .option('--json', 'Print the result as JSON.')
    .option('--quiet', 'Do not print the configuration.')
    .option('--verbose', 'Print every key of the configuration, with its origin.')
    .action(async () => {
      process.exitCode = await execute(command);
    });
}

type RunFlags = z.infer<typeof flagsSchema>;

async function execute(command: Command): Promise<number> {
  const flags = flagsSchema.parse(command.opts());
  const prepared = await prepareFromFlags(command, { problems: checkMode(flags.mode) });
  if (prepared.missingKeys.length > 0) throw new UsageError(prepared.missingKeys);
  const baseline = await readBaselineFile(flags.baseline);
  await checkTranscripts(flags.baseTranscripts, baseline);
  for (const row of prepared.excluded) note(`Left out: ${row.where}: ${row.message}`);
  if (!flags.json)
    for (const line of describeSettings(prepared, chooseVerbosity(flags))) note(line);

  const results = await openOutputs(flags, prepared);
  const frame = {
    suite: prepared.config.suite,
    maxRise: prepared.config.gate.maxRise,
    guardLimit: prepared.config.gate.guardLimit,
    deferred: [],
    policyFromHead: false,
    reproduce: reproduceLine(flags.config),
    settings: effectiveSettings(prepared),
  };
  try {
    const input = { ...frame, ...(await measure(prepared, { flags, baseline, results })) };
    return await publish(input, flags, results);
  } catch (error) {
    await writeJunit(flags.junit, { ...frame, ...toFailedResult(error, prepared.config.gate) });
    throw error;
  } finally {
    await results.close();
  }
}

/** Finds out whether everything can be written, before anything is paid for. */
async function openOutputs(flags: RunFlags, prepared: Prepared): Promise<Results> {
  const { output, junit, config, baseline, baseTranscripts } = flags;
  const named = {
    '--config': config,
    '--baseline': baseline,
    '--base-transcripts': baseTranscripts,
  };
  const given = placesRead(prepared.config, named, '.');
  const files = RESULT_PARTS.map((part) => path.join(output, RESULT_FILES[part]));
  const results = files.map((file) => ({ setting: '--output', path: file }));
  const problems =
    junit === undefined
      ? []
      : await checkOutput({ setting: '--junit', path: junit }, [...given, ...results]);
  const place = { setting: '--output', path: output };
  return openResults({ output: place, mode: readMode(flags), given, problems, tell: note });
}

/** The run itself, with progress, and its transcripts where they are wanted. */
async function measure(
  prepared: Prepared,
  {
    flags,
    baseline,
    results,
  }: { readonly flags: RunFlags; readonly baseline: BaselineLookup; readonly results: Results },
): Promise<RunResult & Pick<ReportInput, 'texts'>> {
  const folder = readCacheFolder();
  if (folder === undefined && prepared.config.cache.keep !== 'nothing') note(NO_CACHE_FOLDER);
  const interruption = listenForSignals();
  try {
    const result = await runSession(
      { ...prepared, mode: readMode(flags), origin: NO_ORIGIN },
      {
        folder,
        now: () => new Date(),
        interruption,
        onFailure: note,
        baselines: knownBaseline(baseline),
        progress: (model) => createProgress('measured', describePace(model, elapsed)),
        transcripts: { results, before: flags.baseTranscripts, tell: note },
      },
    );
    return underEnforcement(result, prepared.config.enforce);
  } finally {
    interruption.release();
  }
}

/**
 * Prints the report and writes the files. What can't be written is told and changes nothing else, unless a record was what
 * the run was for.
 *
 * @returns the exit code
 */
async function publish(
  input: ReportPageInput,
  { junit, json }: Pick<RunFlags, 'junit' | 'json'>,
  results: Results,
): Promise<number> {
  const { record, mode } = input;
  const isKept = record && (await results.draft('record', () => checkedRecord(record)));
  const told = isKept === false && mode === 'record' ? withoutRecord(input) : input;
  const report = renderReport(told);
  if (!json) printLine(report);
  await results.draft('report', () => report);
  await results.draft('page', () => renderReportPage(told));
  const isBaseline = mode === 'record' && isKept === true && isRecordable(input.decision.verdict);
  const placed = await results.place(isBaseline);
  const written = { ...placed, ...(await writeJunit(junit, told)) };
  const isLost = mode === 'record' && record !== undefined && placed.recordPath === undefined;
  const last = isLost ? withoutRecord(told) : told;
  if (json) printLine(renderJson(last, written));
  note(`Written: ${Object.values(written).join(', ') || 'nothing'}`);
  if (isLost) note('The record of this run could not be written: nothing is recorded.');
  return last.decision.exitCode;
}

/** A recording whose record is lost has measured, and recorded nothing: its verdict stands, and it fails. */
function withoutRecord(input: ReportPageInput): ReportPageInput {
  return { ...input, mode: 'gate', decision: { ...input.decision, effect: 'fail', exitCode: 4 } };
}

/** Nothing is written without the flag that names the file. */
async function writeJunit(
  file: string | undefined,
  input: ReportInput,
): Promise<{ readonly junitPath?: string }> {
  if (file === undefined) return {};
  const place = { setting: '--junit', path: file };
  const fault = await writeOutput(place, () => renderJunit(input));
  if (fault === undefined) return { junitPath: file };
  note(fault);
  return {};
}

function chooseVerbosity({ quiet, verbose }: RunFlags): Verbosity {
  if (quiet) return 'quiet';
  return verbose ? 'verbose' : 'normal';
}

function readMode({ mode }: Pick<RunFlags, 'mode'>): RunResult['mode'] {
  return mode === 'record' ? 'record' : 'gate';
}

/** A run that did not come to its end, as a result. */
function toFailedResult(error: unknown, gate: GatePolicy): RunResult {
  const reason = { kind: 'run-failed', detail: toMessage(error) } as const;
  const decision = conclude('error', reason, gate);
  return { mode: 'gate', decision, baseline: { status: 'absent' } };
}

function checkMode(mode: string): readonly Problem[] {
  return ['auto', 'gate', 'record'].includes(mode)
    ? []
    : [{ where: '--mode', message: `must be auto, gate or record (found "${mode}")` }];
}
