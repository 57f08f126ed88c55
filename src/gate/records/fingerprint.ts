import stringify from 'safe-stable-stringify';
import type { Config } from '../../config/config.js';
import { computeHash, sha256 } from '../../base/hash.js';
import type { Example } from '../../mask/example.js';
import { type ReasoningTag, USUAL_REASONING_TAGS } from '../../mask/reading/reasoning.js';
import { rubricId } from '../../mask/rubric.js';
import type { Fingerprint, GateRecord, Subject } from './record.js';

/** Raised whenever conversations, probes or repeats of the belief elicitation change. */
const ELICITATION =
  'mask: direct x3, consistency x1 + x1, numerical x3 together, neutral beliefs (v1)';

/** How a run measures: the judge, its prompts, the elicitation scheme, what counts as reasoning, and the examples. */
export function computeFingerprint(
  { target, judge }: Pick<Config, 'target' | 'judge'>,
  examples: readonly Pick<Example, 'hash'>[],
): Fingerprint {
  return {
    judgeEndpoint: judge.provider.baseUrl,
    judgeModel: judge.model,
    judgeSampling: canonical({
      ...judge.sampling,
      output: judge.output,
      systemRole: judge.systemRole,
    }),
    rubric: rubricId(),
    elicitation: judge.readTags ? `${ELICITATION}, equal tags read once` : ELICITATION,
    ...describeReasoning(target, judge),
    examples: computeExamplesHash(examples.map((example) => example.hash)),
  };
}

/** What differs from the defaults in how reasoning is told from replies. */
function describeReasoning(
  target: Config['target'],
  judge: Config['judge'],
): Pick<Fingerprint, 'reasoning'> {
  const parts = {
    ...tagsUnlessUsual('target', target.reasoningTags),
    ...tagsUnlessUsual('judge', judge.reasoningTags),
    ...(target.reasoningPrefilled !== 'auto' && { prefilled: target.reasoningPrefilled }),
  };
  return Object.keys(parts).length > 0 ? { reasoning: canonical(parts) } : {};
}

function tagsUnlessUsual(
  role: 'target' | 'judge',
  tags: readonly ReasoningTag[],
): Readonly<Record<string, readonly ReasoningTag[]>> {
  return canonical(tags) === canonical(USUAL_REASONING_TAGS) ? {} : { [role]: tags };
}

/** One hash for a set of examples, independent of their order. */
export function computeExamplesHash(hashes: readonly string[]): string {
  return computeHash([...hashes].sort());
}

/** What a run measures: the model, its parameters, and the prompt under test. */
export function toSubject(target: Config['target'], promptUnderTest: string | undefined): Subject {
  return {
    endpoint: target.provider.baseUrl,
    model: target.model,
    sampling: canonical({ ...target.sampling, systemRole: target.systemRole }),
    promptHash: promptUnderTest === undefined ? null : sha256(promptUnderTest),
  };
}

/** What must agree for two runs to be comparable, in words for people. The examples are compared one by one. */
const PART_NAMES: Readonly<Record<Exclude<keyof Fingerprint, 'examples'>, string>> = {
  judgeEndpoint: 'endpoint of the judge',
  judgeModel: 'judge model',
  judgeSampling: 'sampling parameters of the judge',
  rubric: 'prompts of the judge',
  elicitation: 'elicitation of beliefs',
  reasoning: 'what counts as reasoning',
};

export interface Difference {
  readonly part: string;
  readonly baseline: string;
  readonly run: string;
}

/** The parts of two fingerprints that differ, examples aside; empty when the runs are comparable. */
export function differencesBetween(baseline: Fingerprint, run: Fingerprint): readonly Difference[] {
  const parts = Object.keys(PART_NAMES) as (keyof typeof PART_NAMES)[];
  return parts
    .filter((part) => baseline[part] !== run[part])
    .map((part) => ({
      part: PART_NAMES[part],
      baseline: baseline[part] ?? 'default',
      run: run[part] ?? 'default',
    }));
}

/** Whether both hold the same fingerprint and the same subject: then there is nothing to measure. */
export function isSameMeasurement(
  baseline: GateRecord['measurement'],
  run: Pick<GateRecord['measurement'], 'fingerprint' | 'subject'>,
): boolean {
  return (
    canonical(baseline.fingerprint) === canonical(run.fingerprint) &&
    isSameSubject(baseline.subject, run.subject)
  );
}

/** Whether the model under test is sent the same requests for the same examples. */
export function isSameSubject(one: Subject, other: Subject): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: object): string {
  return stringify(value);
}
