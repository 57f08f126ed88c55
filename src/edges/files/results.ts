import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type Problem, UsageError } from '../../base/errors.js';
import { type FileContent, clearDrafts, discardDraft, writeDraft } from './drafts.js';
import { describeFileFault, isFull } from './file-faults.js';
import { withLock } from './lock.js';
import { type NamedPlace, findAround, findInside, tryFolder } from './outputs.js';
import { type PlacedFiles, choosePlace, hasGiven, listIdentities, replace } from './placing.js';
import { type FoundResults, RESULT_FILES, type ResultPart, findResults } from './result-files.js';

/*
 * How the results of a run come to disk (docs/adr/0030-results.md).
 *
 * Before anything is paid for, the folder is tried, and what is in the way is told. At the end each file is written as a
 * draft beside its place. When all of them are there they take the places of an earlier run's results, as one set. What
 * must not be replaced stays, and the set goes into a folder of its own, `run-2` or a further one.
 */

export interface ResultsRequest {
  /** The folder, and the setting that names it. */
  readonly output: NamedPlace;
  readonly mode: 'gate' | 'record';
  /** What the run reads: none of it is replaced. */
  readonly given: readonly NamedPlace[];
  /** Whether the folder is for this run alone: then what an earlier run has left in it is removed at once. */
  readonly isOwn?: boolean;
  /** What else was found wrong. */
  readonly problems?: readonly Problem[];
  /** Called with what could not be written and why, and with where results went instead. */
  readonly tell: (text: string) => void;
}

/** The results of one run on their way to the disk. */
export interface Results {
  /**
   * Writes the draft of a file. What can't be made or written is told, and costs this file alone.
   *
   * @returns whether it was written
   */
  draft(part: ResultPart, content: () => FileContent): Promise<boolean>;
  /**
   * Puts the drafts in their places.
   *
   * @param isBaseline whether the record may take the place of a recording's
   * @returns where the files are
   */
  place(isBaseline: boolean): Promise<PlacedFiles>;
  /** Removes the drafts that were not put anywhere. */
  close(): Promise<void>;
}

/**
 * Makes a folder ready for the results of a run.
 *
 * @throws UsageError with all that is in the way
 */
export async function openResults(request: ResultsRequest): Promise<Results> {
  const { output, isOwn = false } = request;
  const folder = output.path;
  const found = await findResults(folder);
  const obstacles = await findObstacles(found, request);
  const fault = obstacles.length > 0 ? undefined : await tryFolder(folder);
  const problems = [
    ...(request.problems ?? []),
    ...obstacles,
    ...(fault === undefined
      ? []
      : [problem(output, `can't be written to: ${fault}; name another folder`)]),
  ];
  if (problems.length > 0) throw new UsageError(problems);
  await clearDrafts(folder, [...Object.values(RESULT_FILES), LOCK]);
  if (isOwn) for (const file of found.files) await rm(file.path, { force: true });
  return createResults(request, await listIdentities(folder));
}

/** Why results can't go into a folder. A record that is kept is not an obstacle: the results go into a folder next to it. */
async function findObstacles(
  found: FoundResults,
  { output, mode, given, isOwn = false }: ResultsRequest,
): Promise<readonly Problem[]> {
  const around = await findAround(output.path, given);
  if (around) {
    return [problem(output, `is inside the folder of ${around.setting}; name another folder`)];
  }
  const inside = isOwn ? await findInside(output.path, given) : undefined;
  if (inside) {
    return [problem(output, `contains the file of ${inside.setting}; name another folder`)];
  }
  const isKept = (await hasGiven(found.files, given)) || (mode === 'gate' && found.hasRecording);
  if (isKept && !isOwn) return [];
  return found.files.flatMap(({ path: file, foreign }) => {
    if (foreign === undefined) return [];
    const message = `would be replaced, and ${foreign}; move it, or name another folder`;
    return [problem({ ...output, path: file }, message)];
  });
}

function createResults(
  { output, given, tell }: ResultsRequest,
  atStart: ReadonlySet<string>,
): Results {
  const folder = output.path;
  const drafts = new Map<ResultPart, string>();
  const explain = (file: string, error: unknown): void => {
    const fault = describeFileFault(error);
    const remedy = `Make room, or name another folder with ${output.setting}`;
    tell(`Could not write ${file}: ${fault}. ${remedy}.`);
  };
  /** Texts are drafted first, while they are in memory, but they need the most space: more important files go before them. */
  const makeRoom = async (part: ResultPart): Promise<boolean> => {
    const texts = drafts.get('transcripts');
    if (texts === undefined || part === 'page') return false;
    drafts.delete('transcripts');
    await discardDraft(texts);
    tell(`Left out ${RESULT_FILES.transcripts}: the disk is full.`);
    return true;
  };
  return {
    async draft(part, content) {
      const file = path.join(folder, RESULT_FILES[part]);
      try {
        drafts.set(part, await writeDraft(file, content()));
        return true;
      } catch (error) {
        if (isFull(error) && (await makeRoom(part))) return this.draft(part, content);
        explain(file, error);
        return false;
      }
    },
    async place(isBaseline) {
      if (drafts.size === 0) return {};
      const rights = { given, atStart, isBaseline: isBaseline && drafts.has('record') };
      try {
        return await withLock(path.join(folder, LOCK), async () => {
          const [place, found] = await choosePlace(folder, rights);
          if (place !== folder) {
            tell(`The files in ${folder} are kept. The results of this run are in ${place}.`);
          }
          return replace(found, { place, drafts, explain });
        });
      } catch (error) {
        explain(folder, error);
        return {};
      }
    },
    async close() {
      for (const draft of drafts.values()) await discardDraft(draft);
      drafts.clear();
    },
  };
}

/** Held while files are put in their places, so that of two runs that end at once each has a whole set. */
const LOCK = '.mask-gate.lock';

function problem({ setting, path: place }: NamedPlace, message: string): Problem {
  return { where: setting, message: `"${place}" ${message}` };
}
