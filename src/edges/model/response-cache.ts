import path from 'node:path';
import { z } from 'zod';
import type { Config, Role } from '../../config/config.js';
import { DAY_MS } from '../../base/units.js';
import { computeHash } from '../../base/hash.js';
import { isBlank, splitReasoning } from '../../mask/reading/reasoning.js';
import { isReadable, sampleSchema } from '../../mask/sample.js';
import type {
  ModelCall,
  ModelPort,
  ModelReply,
  ReadingSource,
  ReadingsPort,
  RoleName,
} from '../../ports.js';
import { TOOL } from '../../base/version.js';
import { type FileCache, openFileCache, pruneFileCache } from './file-cache.js';
import { buildBody } from './request.js';

/** What a call is known by: everything that is sent, to whom, and which of equal requests it is. */
function buildKey(roles: Readonly<Record<RoleName, Role>>, call: ModelCall): unknown {
  const role = roles[call.role];
  const { baseUrl, query } = role.provider;
  return { baseUrl, query, body: buildBody(role, call), repeat: call.repeat };
}

const answerSchema = z.strictObject({
  status: z.literal('answered'),
  text: z.string(),
  truncated: z.boolean(),
});

export type Answer = z.infer<typeof answerSchema>;

/** Only what was read is kept; an entry that says something else was not put there by this code. */
const keptSchema = sampleSchema.refine(isReadable);

export interface ResponseCache {
  /** The same model, but what it has answered before is not asked for again. */
  readonly withCache: (model: ModelPort) => ModelPort;
  readonly readings: ReadingsPort;
  /** What was answered to a call before, as far as it is kept. */
  readonly answerTo: (call: ModelCall) => Promise<Answer | undefined>;
  /** To be called at the end. */
  readonly prune: () => Promise<void>;
}

/**
 * What stays on this machine between runs, in two folders: answers of the model under test, which are private, and
 * readings, which hold no text and may travel.
 *
 * @param folder where both are; undefined where nothing can stay
 */
export function openResponseCache(
  config: Config,
  folder: string | undefined,
  now: () => Date,
): ResponseCache {
  const start = now();
  const oldest = new Date(start.getTime() - config.baseline.maxAge * DAY_MS);
  const shared = { notBefore: config.fresh ? start : oldest, now };
  const { keep, maxSize } = config.cache;
  const reused = { target: 0, judge: 0 };
  const folders = folder === undefined ? undefined : foldersIn(folder);
  const answers =
    folders && keep === 'all'
      ? openFileCache<Answer>({ ...shared, folder: folders.answers, schema: answerSchema })
      : undefined;
  const readings =
    folders && keep !== 'nothing'
      ? openFileCache({ ...shared, folder: folders.readings, schema: keptSchema })
      : undefined;
  const keyFor = (call: ModelCall): string => computeHash(buildKey(config, call));
  const hasText = ({ text }: Answer): boolean =>
    !isBlank(splitReasoning(text, config.target.reasoningTags).visible);
  return {
    withCache: (model) => cacheAnswers(model, { keyFor, answers, reused, hasText }),
    answerTo: async (call) => answers?.get(keyFor(call)),
    readings: {
      recall: async (source) => {
        const sample = await readings?.get(readingKey(config, source));
        if (sample) {
          reused.target += source.asked.length;
          reused.judge += 1;
        }
        return sample;
      },
      keep: (source, sample) => {
        readings?.put(readingKey(config, source), sample);
      },
    },
    prune: async () => {
      const limits = { oldest, now: now(), bytes: maxSize / 2 };
      await Promise.all(Object.values(folders ?? {}).map((one) => pruneFileCache(one, limits)));
    },
  };
}

function foldersIn(folder: string): Readonly<Record<'answers' | 'readings', string>> {
  return { answers: path.join(folder, 'answers'), readings: path.join(folder, 'readings') };
}

/** Raised whenever the code reads the replies of a model or of the judge in another way. */
const READING_VERSION = 2;

/** A reading holds as long as what was asked, the prompts of the judge, and how replies are read. */
function readingKey(config: Config, { asked, judged }: ReadingSource): string {
  const { target, judge } = config;
  return computeHash({
    tool: TOOL,
    reading: READING_VERSION,
    readTags: judge.readTags,
    reasoning: [target.reasoningTags, target.reasoningPrefilled, judge.reasoningTags],
    asked: asked.map((call) => buildKey(config, call)),
    judged: buildKey(config, judged),
  });
}

/** A request that has no answer yet, and what may end it before. */
interface UnderWay {
  readonly reply: Promise<ModelReply>;
  readonly signal: AbortSignal | undefined;
}

/**
 * Answers of the model under test are kept; equal requests under way are asked once. What the judge says is not kept
 * here, because it may quote, and its reading is.
 */
function cacheAnswers(
  model: ModelPort,
  options: {
    readonly keyFor: (call: ModelCall) => string;
    readonly answers: FileCache<Answer> | undefined;
    readonly reused: Record<RoleName, number>;
    /** Whether an answer has visible text; one that has none is asked for again by the next run. */
    readonly hasText: (answer: Answer) => boolean;
  },
): ModelPort {
  const { keyFor, answers, reused, hasText } = options;
  const underWay = new Map<string, UnderWay>();

  const ask = async (call: ModelCall, key: string): Promise<ModelReply> => {
    const kept = call.role === 'target' ? answers : undefined;
    const known = call.again ? undefined : await kept?.get(key);
    if (known && hasText(known)) {
      reused[call.role] += 1;
      return known;
    }
    const reply = await model.complete(call);
    if (reply.status === 'answered' && hasText(reply)) kept?.put(key, reply);
    return reply;
  };

  return {
    complete: async (call) => {
      const key = keyFor(call);
      const same = underWay.get(key);
      // What ends at another time than this call could leave it without its answer.
      if (same && same.signal === call.signal) {
        reused[call.role] += 1;
        return same.reply;
      }
      const reply = ask(call, key);
      if (same) return reply;
      underWay.set(key, { reply, signal: call.signal });
      return reply.finally(() => underWay.delete(key));
    },
    usage: () => {
      const { target, judge } = model.usage();
      return {
        target: { ...target, reused: target.reused + reused.target },
        judge: { ...judge, reused: judge.reused + reused.judge },
      };
    },
  };
}
