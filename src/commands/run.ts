import { Command } from 'commander';
import { z } from 'zod';
import type { GatePolicy } from '../config/config.js';
import { describeSettings, effectiveSettings } from '../config/describe.js';
import { connectModels } from '../edges/connect.js';
import { writeWhole } from '../edges/files.js';
import { prepareFolder, writePage, writeResults } from '../edges/results.js';
import { readCacheFolder } from '../edges/runner.js';
import { type Problem, UsageError, messageOf } from '../errors.js';
import { conclude } from '../gate/decide.js';
import { NO_ORIGIN } from '../gate/record.js';
import type { RunResult } from '../gate/result.js';
import type { BaselineLookup } from '../gate/baseline.js';
import { underEnforcement } from '../gate/waiver.js';
import { renderReportPage } from '../pages/report/page.js';
import { type ReportInput, renderReport, reproduceLine } from '../report/comment.js';
import { renderJson } from '../report/json.js';
import { renderJunit } from '../report/junit.js';
import type { Prepared } from '../prepare.js';
import { describePace } from '../progress.js';
import { listenForSignals } from '../interrupt.js';
import { run } from '../run.js';
import { checkTranscripts, startTranscripts, textsAfter } from '../transcribing.js';
import { createProgress, note, print } from './console.js';
import { readBaselineFile } from './records.js';
import { prepareFromFlags, withSettings } from './settings.js';

const flagsSchema = z.object({
  config: z.string(),
  mode: z.string(),
  output: z.string(),
  baseline: z.string().optional(),
  baseTranscripts: z.string().optional(),
  junit: z.string().optional(),
  json: z.boolean().default(false),
});

/** `mask-gate run`: evaluate, compare with a record if one is given, write a record. */
export function runCommand(): Command {
  const command = new Command('run').description('Evaluate a model and write a record.');
  return withSettings(command)
    .option('--baseline <record>', 'Record to compare with.')
    .option('--base-transcripts <file>', 'Transcripts of that record, to show its answers as well.')
    .option('--junit <file>', 'Write the result as JUnit XML as well.')
    .option('--json', 'Print the result as JSON.')
    .action(async () => {
      process.exitCode = await execute(command);
    });
}

async function execute(command: Command): Promise<number> {
  const flags = flagsSchema.parse(command.opts());
  const prepared = await prepareFromFlags(command, { problems: checkMode(flags.mode) });
  if (prepared.missingKeys.length > 0) throw new UsageError(prepared.missingKeys);
  const baseline = await readBaselineFile(flags.baseline);
  await checkTranscripts(flags.baseTranscripts, baseline);
  for (const row of prepared.excluded) note(`Left out: ${row.where}: ${row.message}`);
  if (!flags.json) for (const line of describeSettings(prepared)) note(line);

  await prepareFolder(flags.output);
  const frame = {
    suite: prepared.config.suite,
    maxRise: prepared.config.gate.maxRise,
    guardLimit: prepared.config.gate.guardLimit,
    deferred: [],
    policyFromHead: false,
    reproduce: reproduceLine(flags.config),
  };
  const { transcriptsPath, ...measured } = await measure(prepared, flags, baseline).catch(
    async (error: unknown) => {
      await writeJunit(flags.junit, { ...frame, ...failureOf(error, prepared.config.gate) });
      throw error;
    },
  );
  const result = underEnforcement(measured, prepared.config.enforce);

  const texts = await textsAfter(prepared.config, result, {
    run: transcriptsPath,
    baseline: flags.baseTranscripts,
  });
  const input = { ...frame, ...result, texts, settings: effectiveSettings(prepared) };
  const report = renderReport(input);
  const written = {
    ...(await writeResults(flags.output, result.record, report)),
    ...(transcriptsPath !== undefined && { transcriptsPath }),
    pagePath: await writePage(flags.output, renderReportPage(input)),
    ...(await writeJunit(flags.junit, input)),
  };
  print(flags.json ? renderJson(result, written) : report);
  note(`Written: ${Object.values(written).join(', ')}`);
  return result.decision.exitCode;
}

/** The run itself, with progress, and its transcripts where they are wanted. */
async function measure(
  prepared: Prepared,
  { mode, output }: Pick<z.infer<typeof flagsSchema>, 'mode' | 'output'>,
  baseline: BaselineLookup,
): Promise<RunResult & { readonly transcriptsPath: string | undefined }> {
  const now = (): Date => new Date();
  const folder = readCacheFolder();
  const interruption = listenForSignals();
  const connection = connectModels({ ...prepared, folder, now, interruption, onFailure: note });
  const { model, readings, close } = connection;
  const transcripts = startTranscripts(prepared, connection, note);
  const progress = createProgress('measured', describePace(model, now));
  try {
    const result = await run(
      { ...prepared, mode: mode === 'record' ? 'record' : 'gate', origin: NO_ORIGIN },
      {
        model,
        readings,
        ...transcripts.ports,
        baselines: { find: () => Promise.resolve(baseline), save: () => Promise.resolve('') },
        now,
        onProgress: progress.report,
      },
    );
    return { ...result, transcriptsPath: await transcripts.write(output, result.record) };
  } finally {
    progress.end();
    transcripts.close();
    await close();
    interruption.release();
  }
}

/** Where nobody asked for the file nothing is written. */
async function writeJunit(
  file: string | undefined,
  input: ReportInput,
): Promise<{ readonly junitPath?: string }> {
  if (file === undefined) return {};
  await writeWhole(file, renderJunit(input));
  return { junitPath: file };
}

/** A run that did not come to its end, as a result. */
function failureOf(error: unknown, gate: GatePolicy): RunResult {
  const reason = { kind: 'run-failed', detail: messageOf(error) } as const;
  const decision = conclude('error', reason, gate);
  return { mode: 'gate', decision, baseline: { status: 'absent' } };
}

function checkMode(mode: string): readonly Problem[] {
  return ['auto', 'gate', 'record'].includes(mode)
    ? []
    : [{ where: '--mode', message: `must be auto, gate or record (found "${mode}")` }];
}
