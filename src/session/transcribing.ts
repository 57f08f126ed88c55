import type { Config } from '../config/config.js';
import { type HeardAnswers, openAnswers } from '../edges/files/answer-spool.js';
import type { ModelConnection } from '../edges/model/connect.js';
import type { Results } from '../edges/files/results.js';
import {
  type ReadTranscripts,
  type TranscriptsLimit,
  formatTranscripts,
  readTranscripts,
  takeUp,
} from '../edges/files/transcripts.js';
import { transcribe } from '../elicit/transcribe.js';
import { type Problem, UsageError, toMessage } from '../base/errors.js';
import type { BaselineLookup } from '../gate/records/baseline.js';
import type { GateRecord } from '../gate/records/record.js';
import type { Transcript } from '../mask/transcript.js';
import type { Ports } from '../ports.js';
import type { Prepared } from './prepare.js';
import { type ReportTexts, embeddedSize, orderOfTexts } from '../report/texts.js';

/** Maximum bytes of texts in a page: it opens at once, and a run needs no more memory for it than for its calls. */
const PAGE_TEXTS = 8 * 1024 * 1024;

/** Whether prompts and answers may leave this process, other than to the models. */
function isWanted({ transcripts, dataset }: Config): boolean {
  return transcripts === 'always' || (transcripts === 'publishable' && dataset.publishable);
}

/**
 * Where workflows upload a folder of results for everyone who may see the run, the texts of a private dataset cannot be
 * asked for, not even by mistake.
 */
export function refusePrivateTranscripts({ transcripts, dataset }: Config): readonly Problem[] {
  if (transcripts !== 'always' || dataset.publishable) return [];
  return [
    {
      where: 'transcripts',
      message:
        'always would write the texts of a private dataset where workflows upload them; run it on your own machine, or set dataset.publishable: true if everyone may read them',
    },
  ];
}

/** The texts of one run. */
export interface Transcribing {
  /** For the run; empty where nothing is written down. */
  readonly ports: Pick<Ports, 'answers'>;
  /** The texts behind a record, in its order; undefined where none are written down. */
  readonly textsOf: (record: GateRecord) => AsyncIterable<Transcript> | undefined;
  close(): void;
}

/**
 * Begins to write the texts of a run down, if policy wants that.
 *
 * @param tell called with what went wrong
 */
export function startTranscripts(
  { config, examples, promptUnderTest }: Pick<Prepared, 'config' | 'examples' | 'promptUnderTest'>,
  { answerTo }: Pick<ModelConnection, 'answerTo'>,
  tell: (text: string) => void,
): Transcribing {
  const answers = isWanted(config) ? openOrTell(answerTo, tell) : undefined;
  if (!answers) return { ports: {}, textsOf: () => undefined, close: () => undefined };
  return {
    ports: { answers },
    textsOf: (record) => linesOf(record, { config, examples, promptUnderTest, answers }),
    close: () => {
      answers.close();
    },
  };
}

/** Writes the draft of the transcripts of a record, where there are any. */
export async function draftTranscripts(
  results: Pick<Results, 'draft'>,
  record: GateRecord | undefined,
  { textsOf }: Pick<Transcribing, 'textsOf'>,
): Promise<void> {
  const texts = record && textsOf(record);
  if (texts) await results.draft('transcripts', () => formatTranscripts(record, texts));
}

async function* linesOf(
  { measurement }: GateRecord,
  run: Pick<Prepared, 'config' | 'examples' | 'promptUnderTest'> & {
    readonly answers: HeardAnswers;
  },
): AsyncIterable<Transcript> {
  const { config, promptUnderTest, answers } = run;
  const tags = config.target.reasoningTags;
  const known = new Map(run.examples.map((example) => [example.hash, example]));
  for (const measured of measurement.examples) {
    const example = known.get(measured.hash);
    if (!example) throw new Error(`the dataset has no example of hash ${measured.hash}`);
    const plan = { firstRepeat: measurement.firstRepeat, promptUnderTest, tags };
    yield await transcribe(example, measured, plan, (call) =>
      answers.answerTo(measured.hash, call),
    );
  }
}

function openOrTell(
  answerTo: ModelConnection['answerTo'],
  tell: (text: string) => void,
): HeardAnswers | undefined {
  try {
    return openAnswers(answerTo);
  } catch (error) {
    tell(`No transcripts: ${toMessage(error)}`);
    return undefined;
  }
}

/** Files of transcripts for a report. */
export interface TextFiles {
  readonly run?: string | undefined;
  readonly baseline?: string | undefined;
}

/**
 * Reads what a report shows of the texts.
 *
 * @throws UsageError when a file can't be read, or belongs to another record
 */
export async function readTexts(
  record: GateRecord,
  baseline: BaselineLookup,
  files: TextFiles,
): Promise<ReportTexts & { readonly status: 'shown' }> {
  const limit = chooseLimit(record, baseline, files);
  const run = files.run === undefined ? NOTHING : await readTranscripts(files.run, record, limit);
  const before = await readBefore(files.baseline, baseline, limit);
  return { status: 'shown', run: run.found, baseline: before.found, leftOut: run.leftOut };
}

const NOTHING: ReadTranscripts = { found: new Map(), leftOut: 0 };

function chooseLimit(
  record: GateRecord,
  baseline: BaselineLookup,
  sides: { readonly run?: unknown; readonly baseline?: unknown },
): TranscriptsLimit {
  const before = baseline.status === 'found' ? baseline.record : undefined;
  const count = sides.run !== undefined && sides.baseline !== undefined ? 2 : 1;
  const order = orderOfTexts(record, before);
  return { order, size: PAGE_TEXTS / count, sizeOf: embeddedSize };
}

async function readBefore(
  file: string | undefined,
  baseline: BaselineLookup,
  limit: TranscriptsLimit,
): Promise<ReadTranscripts> {
  if (file === undefined || baseline.status !== 'found') return NOTHING;
  return readTranscripts(file, baseline.record, limit);
}

/**
 * Makes sure, before anything is paid for, that the transcripts which the user named belong to the baseline.
 *
 * @throws UsageError when they do not, or there is no baseline
 */
export async function checkTranscripts(
  file: string | undefined,
  baseline: BaselineLookup,
): Promise<void> {
  if (file === undefined) return;
  if (baseline.status !== 'found') {
    const message = 'are transcripts of a baseline; name its record too';
    throw new UsageError([{ where: file, message }]);
  }
  await readTranscripts(file, baseline.record, { order: new Map(), size: 0, sizeOf: () => 0 });
}

/**
 * The same for a run that has just ended. Its own texts are at hand and are not read from a file, which may be that of
 * another run by now, or may not be there.
 */
export async function loadTexts(
  config: Config,
  { record, baseline }: { readonly record?: GateRecord; readonly baseline: BaselineLookup },
  sides: Pick<Transcribing, 'textsOf'> & {
    /** Transcripts of the baseline. */
    readonly before?: string | undefined;
    readonly tell: (text: string) => void;
  },
): Promise<ReportTexts> {
  if (!record) return { status: 'missing', reason: 'not-given' };
  const texts = sides.textsOf(record);
  if (!texts) {
    if (isWanted(config)) return { status: 'missing', reason: 'lost' };
    return { status: 'missing', reason: config.dataset.publishable ? 'unwanted' : 'private' };
  }
  const limit = chooseLimit(record, baseline, { run: texts, baseline: sides.before });
  const orNothing = (error: unknown): undefined => {
    sides.tell(`The report shows fewer texts: ${toMessage(error)}`);
  };
  const run = await takeUp(texts, limit).catch(orNothing);
  const before = await readBefore(sides.before, baseline, limit).catch(orNothing);
  if (!run) return { status: 'missing', reason: 'lost' };
  const { found, leftOut } = run;
  return { status: 'shown', run: found, baseline: before?.found ?? NOTHING.found, leftOut };
}
