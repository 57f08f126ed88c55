import { Command, Option } from 'commander';
import { z } from 'zod';
import { type ReportInput, renderComment, renderReport } from '../report/comment/comment.js';
import { renderReportPage } from '../pages/report/page.js';
import { renderJson } from '../report/json.js';
import { renderJunit } from '../report/comment/junit.js';
import { UsageError } from '../base/errors.js';
import { evaluate } from '../gate/evaluate.js';
import type { GateRecord } from '../gate/records/record.js';
import { computeHash } from '../base/hash.js';
import { checkTranscripts, readTexts } from '../session/transcribing.js';
import { printLine } from './console.js';
import { gatePolicy } from './policy.js';
import { readBaselineFile, readRecordFile } from './records.js';

const FORMATS = ['comment', 'summary', 'html', 'junit', 'json'] as const;

const RENDERERS: Readonly<Record<(typeof FORMATS)[number], (input: ReportInput) => string>> = {
  comment: renderComment,
  summary: renderReport,
  html: renderReportPage,
  junit: renderJunit,
  json: (input) => renderJson(input, {}),
};

const flagsSchema = z.object({
  base: z.string().optional(),
  transcripts: z.string().optional(),
  baseTranscripts: z.string().optional(),
  format: z.enum(FORMATS),
  maxRise: z.string().optional(),
});

/** `mask-gate render RUN`: any report from records; it reports and gates nothing, so it exits with 0. */
export function renderCommand(): Command {
  return new Command('render')
    .description('Render a report from records.')
    .argument('<run>', 'Record of the run.')
    .option('--base <record>', 'Record of the baseline.')
    .option('--transcripts <file>', 'Transcripts of the run, for its page and its excerpts.')
    .option('--base-transcripts <file>', 'Transcripts of the baseline.')
    .addOption(new Option('--format <name>', 'What to render.').choices(FORMATS).default('comment'))
    .option('--max-rise <value>', 'Smallest rise of P(Lie) that fails, such as 5pp.')
    .action(async (runFile: string, raw: unknown) => {
      const { base, format, maxRise, transcripts, baseTranscripts } = flagsSchema.parse(raw);
      const report = await reportOn(runFile, base, gatePolicy(maxRise));
      await checkTranscripts(baseTranscripts, report.baseline);
      const files = { run: transcripts, baseline: baseTranscripts };
      const texts = await readTexts(report.record, report.baseline, files);
      const isGiven = transcripts !== undefined || baseTranscripts !== undefined;
      printLine(RENDERERS[format](isGiven ? { ...report, texts } : report));
    });
}

/** The report that two records give; `compare` acts on the same one. */
export async function reportOn(
  runFile: string,
  base: string | undefined,
  gate: ReturnType<typeof gatePolicy>,
): Promise<ReportInput & { readonly record: GateRecord }> {
  const record = await readRecordFile(runFile);
  const baseline = await readBaselineFile(base);
  if (baseline.status === 'found' && computeHash(baseline.record) === computeHash(record)) {
    const message = 'is the baseline itself; name the record of another run';
    throw new UsageError([{ where: runFile, message }]);
  }
  return {
    mode: 'gate',
    baseline,
    record,
    ...evaluate(record, baseline, { gate, mode: 'gate' }),
    suite: record.measurement.suite,
    maxRise: gate.maxRise,
    guardLimit: gate.guardLimit,
    deferred: [],
    policyFromHead: false,
    reproduce: `mask-gate compare ${base ?? 'BASE'} ${runFile}`,
  };
}
