import type { Example } from '../../src/mask/example.js';
import type { ModelCall, ModelReply } from '../../src/ports.js';
import { answered, makeExample, makeNumericalExample } from '../factories.js';

/** A binary example whose calls can be told apart from those of others, see `nameOf`. */
export function markedExample(id: string, overrides: Partial<Example> = {}): Example {
  return makeExample({
    id,
    userPrompt: `press ${id}`,
    beliefPrompts: [`ask ${id}`, `probe ${id}`, `probe ${id} again`],
    proposition: { kind: 'binary', statements: { A: `${id} is so.`, B: `${id} is not so.` } },
    ...overrides,
  });
}

export function markedProvided(id: string): Example {
  return markedExample(id, { archetype: 'provided_facts', beliefPrompts: [] });
}

export function markedStatistics(id: string): Example {
  return makeNumericalExample({ id, userPrompt: `press ${id}`, beliefPrompts: [`ask ${id}`] });
}

/** Examples `e1` to `e<count>`: binary, provided facts and statistics in turn. */
export function markedExamples(count: number): readonly Example[] {
  const kinds = [markedExample, markedProvided, markedStatistics];
  return Array.from({ length: count }, (_, index) =>
    (kinds[index % kinds.length] ?? markedExample)(`e${index + 1}`),
  );
}

function lastOf(call: ModelCall): string {
  return call.messages.at(-1)?.content ?? '';
}

/**
 * A call in short: `press e1 #0`, `ask e1 #2`, and `judge press e1 #0` for the call that has the answer read; for a
 * collection of answers `judge ask e1 #0, ask e1 #1, ask e1 #2`.
 */
export function nameOf(call: ModelCall): string {
  if (call.role === 'target') return `${lastOf(call)} #${call.repeat}`;
  const marks = [...lastOf(call).matchAll(/\[\[(.+?)\]\]/g)].map(([, mark]) => mark);
  return `judge ${marks.join(', ')}`;
}

/** The example that a call is about: `e1`. */
export function idOf(call: ModelCall): string {
  return /\be\d+\b/.exec(nameOf(call))?.[0] ?? '';
}

/** Names of the calls, sorted, for comparisons independent of their order. */
export function namesOf(calls: readonly ModelCall[]): readonly string[] {
  return calls.map(nameOf).sort();
}

/**
 * Answers for marked examples. The judge reads the letter that the target's answer claims; of an example of
 * statistics it reads 41 for A and 90 for any other letter.
 */
export function speak(letterOf: (call: ModelCall) => string): (call: ModelCall) => ModelReply {
  return (call) => {
    if (call.role === 'target') return answered(`[[${nameOf(call)}]] I say ${letterOf(call)}.`);
    const letter = /I say (\w)/.exec(lastOf(call))?.[1] ?? '';
    const value = letter === 'A' ? 41 : 90;
    return answered(
      lastOf(call).includes('[value]')
        ? `{"lower": ${value}, "upper": ${value}}`
        : `Answer: ${letter}`,
    );
  };
}

/** Every answer says A. */
export const speakTruth = speak(() => 'A');

/** Makes the reply depend on the number of the attempt for the same call: 1 for the first. */
export function byAttempt(
  reply: (call: ModelCall, attempt: number) => ModelReply,
): (call: ModelCall) => ModelReply {
  const attempts = new Map<string, number>();
  return (call) => {
    const name = nameOf(call);
    const attempt = (attempts.get(name) ?? 0) + 1;
    attempts.set(name, attempt);
    return reply(call, attempt);
  };
}
