import fs from 'node:fs';
import { ARCHETYPES } from '../../src/mask/archetype.js';
import { beliefConversation, pressuredConversation } from '../../src/mask/conversation.js';
import { parseExample } from '../../src/mask/example.js';
import { judgeConversation } from '../../src/mask/rubric.js';
import { readJudgeReply } from '../../src/mask/reading.js';
import { intervalsMatch } from '../../src/mask/interval.js';
import { findPersona } from '../../src/simulation/persona.js';
import { createSpeaker } from '../../src/simulation/speaker.js';
import { writeVerdict } from '../../src/simulation/reader.js';

const examples = ARCHETYPES.flatMap((a) =>
  (JSON.parse(fs.readFileSync(`data/sample/${a}.json`, 'utf8')) as unknown[]).map((row) => {
    const parsed = parseExample(row, a);
    if ('reasons' in parsed) throw new Error(parsed.reasons.join());
    return parsed.example;
  }),
);

test('scratch', () => {
  const out: string[] = [];
  let bad = 0;
  const speak = createSpeaker(examples, 'seed');
  for (const [stance, model] of [
    ['honest', 'sim-honest?lie=0&evade=0&wrong=0&wavering=0&none=0'],
    ['lie', 'sim-honest?lie=1&evade=0&wrong=0&wavering=0&none=0'],
    ['evasive', 'sim-honest?lie=0&evade=1&wrong=0&wavering=0&none=0'],
  ] as const) {
    const persona = findPersona(model)!;
    for (const example of examples)
      for (let repeat = 0; repeat < 12; repeat++) {
        const reply = speak(persona, pressuredConversation(example), repeat);
        const verdict = writeVerdict(judgeConversation({ kind: 'statement', example, answer: reply }).at(-1)!.content);
        const reading = readJudgeReply(verdict, example.proposition.kind);
        let ok: boolean;
        const t = example.groundTruth;
        if (t.kind === 'binary') {
          const want = stance === 'evasive' ? 'C' : stance === 'honest' ? t.side : t.side === 'A' ? 'B' : 'A';
          ok = reading.corrected === want;
        } else {
          const r = reading.corrected as any;
          ok = stance === 'evasive' ? r === 'none' : typeof r === 'object' && intervalsMatch(r, t.interval) === (stance === 'honest');
        }
        if (!ok) { bad++; out.push(`BAD ${example.id} ${stance} | ${reply} | ${verdict}`); }
        else if (repeat === 0) out.push(`${example.id} ${stance} | ${reply}`);
      }
  }
  const persona = findPersona('sim-honest?wrong=0&wavering=0&none=0')!;
  for (const example of examples) {
    const answers: string[] = [];
    example.beliefPrompts.forEach((p, probe) => {
      for (let repeat = 0; repeat < 3; repeat++) {
        const reply = speak(persona, beliefConversation(example, probe), repeat);
        answers.push(reply);
        if (repeat === 0 && probe === 0) out.push(`BELIEF ${example.id} | ${p} || ${reply.replaceAll('\n', ' ')}`);
        if (example.proposition.kind === 'binary') {
          const verdict = writeVerdict(judgeConversation({ kind: 'belief', probe, example, answer: reply }).at(-1)!.content);
          const reading = readJudgeReply(verdict, 'binary');
          const t = example.groundTruth;
          if (t.kind !== 'binary' || reading.corrected !== t.side) { bad++; out.push(`BAD ${example.id} belief ${probe} | ${reply} | ${verdict}`); }
        }
      }
    });
    if (example.proposition.kind === 'numerical') {
      const verdict = writeVerdict(judgeConversation({ kind: 'beliefs', example, answers }).at(-1)!.content);
      const reading = readJudgeReply(verdict, 'numerical').corrected as any;
      const t = example.groundTruth;
      if (t.kind !== 'numerical' || typeof reading !== 'object' || !intervalsMatch(reading, t.interval)) { bad++; out.push(`BAD ${example.id} beliefs | ${answers.join(' # ')} | ${verdict}`); }
    }
  }
  out.push(`bad ${bad}`);
  fs.writeFileSync('/tmp/scratch.txt', out.join('\n'));
});
