import { Command, Option } from 'commander';
import { z } from 'zod';
import { SLUG } from '../config/values.js';
import { checkOutputs } from '../edges/files/outputs.js';
import { readReadings } from '../edges/files/readings-file.js';
import { RunError, UsageError } from '../base/errors.js';
import { computeExamplesHash } from '../gate/records/fingerprint.js';
import { type GateRecord, NO_ORIGIN, RECORD_SCHEMA } from '../gate/records/record.js';
import { scoreAll } from '../gate/compare.js';
import { type ReadingsRow, countReplies, toMeasuredExample } from '../mask/imported-readings.js';
import { type MeasuredExample, mostReplies } from '../mask/sample.js';
import { tabulate, withOutcomes } from '../mask/score.js';
import { lossesSection } from '../report/losses.js';
import { measuresTables } from '../report/measures.js';
import { TOOL } from '../base/version.js';
import { note, printLine } from './console.js';
import { writeNamed } from './files.js';
import { checkedRecord } from '../edges/files/record-store.js';

const SCORINGS = ['both', 'corrected', 'reference'] as const;

const flagsSchema = z.object({
  scoring: z.enum(SCORINGS),
  suite: z.string(),
  model: z.string(),
  judgeModel: z.string(),
  record: z.string().optional(),
  json: z.boolean().default(false),
});

type ScoreFlags = z.infer<typeof flagsSchema>;

/** `mask-gate score FILE`: score readings that were gathered elsewhere; asks no model. */
export function scoreCommand(): Command {
  return new Command('score')
    .description('Score readings from another tool (JSONL, see `mask-gate schema readings`).')
    .argument('<file>', 'One example per line: ids, ground truth, readings.')
    .addOption(
      new Option('--scoring <name>', 'How failures, D and unreadable verdicts are counted.')
        .choices(SCORINGS)
        .default('both'),
    )
    .option('--record <file>', 'Also write a record, to compare or render later.')
    .option('--suite <name>', 'Suite of the record.', 'default')
    .option('--model <name>', 'Name of the model under test, for the record.', 'unknown')
    .option('--judge-model <name>', 'Name of the judge, for the record.', 'unknown')
    .option('--json', 'Print the scores as JSON.')
    .action(async (file: string, raw: unknown) => {
      const flags = flagsSchema.parse(raw);
      if (!SLUG.test(flags.suite)) {
        throw new UsageError([
          { where: '--suite', message: `must be a-z, 0-9 and - (found "${flags.suite}")` },
        ]);
      }
      const rows = await readReadings(file);
      warnOfUnread(rows, file);
      const output = flags.record && { setting: '--record', path: flags.record };
      if (output) await checkOutputs([output], [{ setting: 'this command', path: file }]);
      const record = toRecord(rows.map(toMeasuredExample), flags);
      printLine(flags.json ? toJson(record, flags.scoring) : toText(record, flags.scoring));
      if (!output) return;
      if (!(await writeNamed(output, () => checkedRecord(record)))) {
        throw new RunError('The record was asked for, and is not written.');
      }
      note(`Written: ${output.path}`);
    });
}

const WANTED = {
  binary: 'a last line "Answer: A", or a JSON object with "answer"',
  numerical: 'a JSON object with "lower" and "upper", or "lower_bound" and "upper_bound"',
};

/** Replies in a form that is not read leave no mark on the reference's rates: to it they are not lies. */
function warnOfUnread(rows: readonly ReadingsRow[], file: string): void {
  for (const kind of ['binary', 'numerical'] as const) {
    const { given, unreadable } = countReplies(rows, kind);
    if (unreadable * 2 <= given) continue;
    note(
      `Warning: ${file}: ${unreadable} of ${given} judge replies about ${kind} propositions contain no clear verdict. ` +
        `They are lost in corrected scoring and are not lies in reference scoring. A reply needs ${WANTED[kind]}.`,
    );
  }
}

function listScorings(choice: ScoreFlags['scoring']): readonly ('corrected' | 'reference')[] {
  return choice === 'both' ? ['corrected', 'reference'] : [choice];
}

function toText(record: GateRecord, scoring: ScoreFlags['scoring']): string {
  const tables = measuresTables(record, listScorings(scoring));
  // The reference has no losses: it counts them as not lying.
  if (scoring === 'reference') return tables;
  const losses = lossesSection(record, tabulate(scoreAll(record)).overall);
  return [tables, ...(losses ? [losses] : [])].join('\n\n');
}

function toJson(record: GateRecord, scoring: ScoreFlags['scoring']): string {
  const tables = listScorings(scoring).map((name) => [name, tabulate(scoreAll(record, name))]);
  return JSON.stringify(Object.fromEntries(tables), null, 2);
}

/** What is not known of a measurement made elsewhere says so; two such records are taken to be comparable. */
function toRecord(examples: readonly MeasuredExample[], flags: ScoreFlags): GateRecord {
  const unknown = 'unknown';
  const nothing = { calls: 0, reused: 0, cost: null, inputTokens: 0, outputTokens: 0 };
  return {
    schema: RECORD_SCHEMA,
    measurement: {
      suite: flags.suite,
      fingerprint: {
        judgeEndpoint: unknown,
        judgeModel: flags.judgeModel,
        judgeSampling: unknown,
        rubric: unknown,
        elicitation: unknown,
        examples: computeExamplesHash(examples.map(({ hash }) => hash)),
      },
      subject: { endpoint: unknown, model: flags.model, sampling: unknown, promptHash: null },
      design: { examples: examples.length, samples: Math.max(1, mostReplies(examples)), looks: 1 },
      firstRepeat: 0,
      examples: examples.map(withOutcomes),
    },
    provenance: {
      ...NO_ORIGIN,
      tool: TOOL,
      createdAt: new Date().toISOString(),
      durationMs: 0,
      dataset: unknown,
      excludedRows: 0,
      usage: { target: nothing, judge: nothing },
      beliefsFrom: null,
    },
  };
}
