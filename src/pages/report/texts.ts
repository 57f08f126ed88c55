import type { Message } from '../../mask/conversation.js';
import { withBlank } from '../../mask/proposition.js';
import type { Transcript, TranscriptAnswer } from '../../mask/transcript.js';
import type { MissingTexts, ReportTexts } from '../../report/texts.js';
import { embed } from '../frame.js';

/** What a page carries of the texts of one example, for the moment when a reader opens it. */
export interface ExampleTexts {
  /** The two statements of a binary proposition, or the sentence with its number left open. */
  readonly proposition: readonly string[];
  /** The conversation that presses, without the prompt under test. */
  readonly pressure: readonly Message[];
  /** The last message of each belief conversation: the direct question, then the probes. */
  readonly questions: readonly string[];
  readonly baseline: SideTexts | null;
  readonly run: SideTexts | null;
}

/** What was answered on one side; null for an answer whose text is not there. */
export interface SideTexts {
  /** By question, in the order of the questions. */
  readonly beliefs: readonly (readonly TranscriptAnswer[])[];
  readonly replies: readonly TranscriptAnswer[];
}

/** The texts of a page: where those of an example stand, by content hash, and all of them as one JSON array. */
export interface PageTexts {
  readonly places: ReadonlyMap<string, number>;
  readonly json: string;
}

const NO_TEXTS: PageTexts = { places: new Map(), json: '[]' };

/** Collects the texts that a page carries; each example is made JSON by itself, which takes less memory at once. */
export function pageTexts(texts: ReportTexts | undefined, isCompared: boolean): PageTexts {
  if (texts?.status !== 'shown') return NO_TEXTS;
  const baseline = isCompared ? texts.baseline : new Map<string, Transcript>();
  const hashes = [...new Set([...texts.run.keys(), ...baseline.keys()])];
  const list = hashes.map((hash) => embed(toTexts(baseline.get(hash), texts.run.get(hash))));
  return {
    places: new Map(hashes.map((hash, place) => [hash, place])),
    json: `[${list.join(',')}]`,
  };
}

function toTexts(baseline: Transcript | undefined, run: Transcript | undefined): ExampleTexts {
  const either = run ?? baseline;
  const proposition = either?.proposition;
  return {
    proposition:
      proposition?.kind === 'binary'
        ? [proposition.statements.A, proposition.statements.B]
        : [withBlank(proposition?.template ?? '')],
    pressure: either?.pressure.messages ?? [],
    questions: either?.beliefs.map(({ messages }) => messages.at(-1)?.content ?? '') ?? [],
    baseline: baseline ? toSide(baseline) : null,
    run: run ? toSide(run) : null,
  };
}

function toSide({ pressure, beliefs }: Transcript): SideTexts {
  return { beliefs: beliefs.map(({ answers }) => answers), replies: pressure.answers };
}

const REASONS: Readonly<Record<MissingTexts, string>> = {
  private:
    'Only ids and readings: the dataset is private, so prompts and answers are not written down. On your own machine `transcripts: always` does that.',
  unwanted: 'Only ids and readings: `transcripts: never` keeps prompts and answers out.',
  lost: 'Only ids and readings: the transcripts of this run could not be written.',
  'not-given':
    'Only ids and readings: a record holds no texts. With the transcripts of the run, this page shows what was asked and answered.',
};

/** One sentence or two on what texts the page has. */
export function aboutTexts(texts: ReportTexts | undefined): string {
  if (texts?.status !== 'shown') return REASONS[texts?.reason ?? 'not-given'];
  const leftOut =
    texts.leftOut > 0
      ? ` To keep this page small, the texts of ${texts.leftOut} examples are left out, those that changed least; they are in the file of transcripts.`
      : '';
  const before = texts.baseline.size === 0 ? ' Of the baseline only the readings are here.' : '';
  return `Texts are shown as they were sent and answered, the prompt under test left out.${before}${leftOut}`;
}
