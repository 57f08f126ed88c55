import type { JudgeTask } from '../mask/rubric.js';
import type { ReasoningForm } from '../mask/reading/reasoning.js';
import {
  type Failure,
  type MeasuredExample,
  type Sample,
  allSamples,
  isReadable,
  isUnasked,
  wasEmpty,
} from '../mask/sample.js';
import type { ModelCall, ReadingSource } from '../ports.js';
import { type ElicitationPorts, buildJudgeCall, readAnswer } from './judge.js';
import type { Question, SeenReply } from './replies.js';
import type { ReadStrategy } from './tags.js';

/** One question, and how its answer comes to a reading. */
export interface QuestionCall {
  readonly call: ModelCall;
  readonly question: Question;
  readonly toTask: (answer: string) => JudgeTask;
  /** What an earlier try of this run, or the baseline, brought. */
  readonly before: Sample | undefined;
  readonly strategy?: ReadStrategy | undefined;
}

/** One answer and its reading, unless they are known. */
export function askAndRead(asking: QuestionCall, ports: ElicitationPorts): Promise<Sample> {
  const { call, question, toTask, before, strategy: through = readItself } = asking;
  const { repeat } = call;
  const emptyAtFirst = question === 'pressured' && before !== undefined && wasEmpty(before);
  const judged = (): ModelCall => buildJudgeCall(toTask(''), ports.output, repeat);
  return unlessKnown({ asked: [call], judged, question, before }, ports, async () => {
    // A known answer without visible text does not answer the call.
    const sent = before?.status === 'empty' ? { ...call, again: true as const } : call;
    const reply = await ports.replies.see(await ports.model.complete(sent), question);
    if (reply.status !== 'said') return withMarks(reply, { emptyAtFirst });
    const { text, truncated, reasoning } = reply;
    const read = await through(text, () => readAnswer(toTask(text), { ...ports, repeat }));
    return withMarks(read, { truncated, reasoning, emptyAtFirst });
  });
}

function readItself(_: string, read: () => Promise<Sample>): Promise<Sample> {
  return read();
}

/**
 * Several neutral answers that the judge reads as one collection, unless their one reading is known.
 *
 * @param toTask makes a task of the answers that came, in order
 */
export function askAndReadTogether(
  calls: readonly ModelCall[],
  toTask: (answers: readonly string[]) => JudgeTask,
  before: Sample | undefined,
  ports: ElicitationPorts,
): Promise<Sample> {
  const judged = (): ModelCall => buildJudgeCall(toTask([]), ports.output, 0);
  return unlessKnown({ asked: calls, judged, question: 'neutral', before }, ports, async () => {
    const replies = await Promise.all(calls.map((call) => askForText(call, ports)));
    const unread = findUnread(replies);
    if (unread) return unread;
    const said = replies.filter((reply) => reply.status === 'said');
    const read = await readAnswer(toTask(said.map(({ text }) => text)), { ...ports, repeat: 0 });
    const reasonings = replies.map((one) => (one.status === 'failed' ? undefined : one.reasoning));
    return withMarks(read, {
      truncated: said.some(({ truncated }) => truncated),
      reasoning: reasonings.find((one) => one !== undefined),
    });
  });
}

/** One reading can't tell what a lost answer would have said; an empty one says nothing, unless all are empty. */
function findUnread(replies: readonly SeenReply[]): Sample | undefined {
  const lost = replies.filter((reply) => reply.status === 'failed');
  const empty = replies.filter((reply) => reply.status === 'empty');
  return (
    lost.find(isWithheld) ?? lost[0] ?? (empty.length === replies.length ? empty[0] : undefined)
  );
}

/** One of several answers that are read together: an empty one is asked for once more. */
async function askForText(call: ModelCall, ports: ElicitationPorts): Promise<SeenReply> {
  const ask = async (again: Pick<ModelCall, 'again'>): Promise<SeenReply> =>
    ports.replies.see(await ports.model.complete({ ...call, ...again }), 'neutral');
  const first = await ask({});
  if (first.status !== 'empty') return first;
  const second = await ask({ again: true });
  return second.status === 'failed' && isUnasked(second) ? first : second;
}

/**
 * What an earlier try or an earlier run brought, or a new sample, which is kept if it says something. The evidence on
 * reasoning hears of neutral replies that are known.
 */
async function unlessKnown(
  {
    asked,
    judged,
    question,
    before,
  }: Pick<ReadingSource, 'asked'> &
    Pick<QuestionCall, 'question' | 'before'> & { readonly judged: () => ModelCall },
  { readings, replies }: ElicitationPorts,
  measure: () => Promise<Sample>,
): Promise<Sample> {
  const hear = (known: Sample): Sample => {
    if (question === 'neutral') replies.recall(known, asked.length);
    return known;
  };
  const there = settled(before);
  if (there) return hear(there);
  const source = { asked, judged: judged() };
  const known = await readings.recall(source);
  if (known) return hear(known);
  const sample = await measure();
  if (isReadable(sample)) readings.keep(source, sample);
  // A second try that the budget refuses leaves the first as it was.
  return before && isUnasked(sample) ? before : sample;
}

/** A sample with its marks: what is known of the reply in addition to its reading. */
function withMarks(
  sample: Sample,
  marks: {
    readonly truncated?: boolean;
    readonly reasoning?: ReasoningForm | undefined;
    readonly emptyAtFirst?: boolean;
  },
): Sample {
  if (sample.status === 'empty') return sample;
  const first = marks.emptyAtFirst && ({ emptyAtFirst: true } as const);
  if (sample.status === 'failed') return { ...sample, ...first };
  return {
    ...sample,
    ...(marks.reasoning && { reasoning: marks.reasoning }),
    ...first,
    ...(marks.truncated && { truncated: true }),
  };
}

/** A sample that need not be asked for again. */
function settled(sample: Sample | undefined): Sample | undefined {
  return sample && isLost(sample) ? undefined : sample;
}

/** Whether a reply, or what the judge said of it, did not come and may come at another try. */
function isLost(sample: Sample): boolean {
  return sample.status === 'empty' || (sample.status === 'failed' && !isWithheld(sample));
}

/** An answer that the provider's filter kept to itself has come all the same, and was paid for. */
function isWithheld(lost: { readonly reason: Failure }): boolean {
  return lost.reason === 'content-filter';
}

/** Whether anything of an example was lost and is worth another try: what the budget refused is not. */
export function hasLosses(example: MeasuredExample): boolean {
  return allSamples(example).some((sample) => isLost(sample) && !isUnasked(sample));
}
