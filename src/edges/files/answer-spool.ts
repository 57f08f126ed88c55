import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { computeHash } from '../../base/hash.js';
import { jsonText } from '../../base/json.js';
import { type TranscriptAnswer, transcriptSchema } from '../../mask/transcript.js';
import type { AnswersPort, ModelCall } from '../../ports.js';
import type { Answer } from '../model/response-cache.js';

/** The answers of one run, until they are written down. */
export interface HeardAnswers extends AnswersPort {
  /** What was answered to a call about an example; null for what was not heard, and when the disk was full. */
  answerTo(example: string, call: ModelCall): Promise<TranscriptAnswer>;
  /** Forgets everything. */
  close(): void;
}

/** Where an answer is in the file. */
interface SpoolPosition {
  readonly at: number;
  readonly length: number;
}

const answerSchema = jsonText.pipe(transcriptSchema.shape.pressure.shape.answers.unwrap().element);

/**
 * Keeps answers on the disk, so that memory does not grow with their number. The file is unlinked before anything is
 * written to it: no other process can open it, and it is gone when this process ends, even when it is killed.
 *
 * @param earlier finds what was answered in an earlier run
 * @param folder a place on a disk with room for all answers
 */
export function openAnswers(
  earlier: (call: ModelCall) => Promise<Answer | undefined>,
  folder: string = tmpdir(),
): HeardAnswers {
  const file = openUnlinked(folder);
  const places = new Map<string, SpoolPosition | 'earlier'>();
  let end = 0;
  const keyOf = (example: string, { messages, repeat }: ModelCall): string =>
    computeHash({ example, messages, repeat });
  return {
    hear(example, call, reply) {
      const key = keyOf(example, call);
      if (reply === 'earlier') {
        places.set(key, reply);
        return;
      }
      const bytes = Buffer.from(JSON.stringify(toAnswer(reply)), 'utf8');
      places.delete(key);
      if (writeOrNot(file, bytes, end)) places.set(key, { at: end, length: bytes.length });
      end += bytes.length;
    },
    async answerTo(example, call) {
      const place = places.get(keyOf(example, call));
      if (place === undefined) return null;
      if (place === 'earlier') {
        const answer = await earlier(call);
        return answer ? toAnswer(answer) : null;
      }
      const bytes = Buffer.alloc(place.length);
      readSync(file, bytes, 0, place.length, place.at);
      return answerSchema.parse(bytes.toString('utf8'));
    },
    close() {
      closeSync(file);
    },
  };
}

function toAnswer({ text, truncated }: Pick<Answer, 'text' | 'truncated'>): TranscriptAnswer {
  return { text, finish: truncated ? 'length' : 'stop' };
}

function openUnlinked(place: string): number {
  const folder = mkdtempSync(path.join(place, 'mask-gate-answers-'));
  const file = openSync(path.join(folder, 'answers'), 'wx+', 0o600);
  try {
    rmSync(folder, { recursive: true });
  } catch {
    // Where a file that is open keeps its name, the folder is for this user alone.
  }
  return file;
}

/** A full disk costs the texts, not the run. */
function writeOrNot(file: number, bytes: Buffer, at: number): boolean {
  try {
    let written = 0;
    while (written < bytes.length) {
      written += writeSync(file, bytes, written, bytes.length - written, at + written);
    }
    return true;
  } catch {
    return false;
  }
}
