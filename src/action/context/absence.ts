import { parseConfig } from '../../config/parse.js';
import type { TextReader } from '../../edges/files/files.js';
import type { GitHub } from '../../edges/github/client.js';
import type { Problem } from '../../base/errors.js';
import { findPathBefore } from './config-path.js';
import type { RunTrigger } from './event.js';
import type { ActionRequest } from './request.js';

/** Where the configuration is looked for, and where it is. */
interface Places
  extends
    Pick<ActionRequest, 'configPath'>,
    Partial<Pick<ActionRequest, 'assignments' | 'workflow'>>,
    Partial<Pick<RunTrigger, 'policyCommit' | 'headCommit' | 'pullRequest'>> {
  readonly isAtBase: boolean;
  /** Whether it was found where the head is read: in the checkout, or by `read`. */
  readonly isRead: boolean;
  /** Present where the head is read through the API, at its own commit. */
  readonly read?: TextReader;
}

/** What it means that the configuration is not in all of three places: the base, the head, and the checkout. */
export interface Absence {
  readonly problems: readonly Problem[];
  readonly hints: readonly Problem[];
  /** True where the head brings the first configuration, and nothing else makes a policy. */
  readonly isFirstDay: boolean;
}

/** What there is to say where the configuration is everywhere. */
export const NOT_ABSENT: Absence = { problems: [], hints: [], isFirstDay: false };

/**
 * Tells a pull request that brings the first configuration from a file that is somewhere else than the workflow says:
 * settings must never be dropped without a word.
 */
export async function explainAbsence(places: Places, github: GitHub): Promise<Absence> {
  const { configPath, isAtBase, isRead, assignments = [] } = places;
  if (isAtBase && isRead) return NOT_ABSENT;
  const isInHead = places.read ? isRead : await isInTested(places, github);
  if (!isRead && isInHead) return { ...NOT_ABSENT, problems: [notInCheckout(configPath)] };
  if (!isRead) return isAtBase ? { ...NOT_ABSENT, hints: [removed(configPath)] } : NOT_ABSENT;
  if (!isInHead) return { ...NOT_ABSENT, problems: [notInRepository(configPath)] };
  // Where the inputs say enough there is a policy, and a file of the head does not suspend it.
  const inputs = parseConfig({ settings: {}, origin: configPath }, assignments);
  if (inputs.problems.length === 0) return NOT_ABSENT;
  const before = await findPathBefore(places, github);
  return before === undefined
    ? { ...NOT_ABSENT, isFirstDay: true }
    : { ...NOT_ABSENT, problems: [otherPath(configPath, before)] };
}

/** Whether a file is in the head or in GitHub's merge, which may have it from a newer base. */
async function isInTested(
  { configPath, headCommit, pullRequest }: Places,
  github: GitHub,
): Promise<boolean> {
  const commits = new Set([headCommit, pullRequest?.mergeCommit]);
  for (const commit of commits) {
    if (commit !== undefined && (await github.exists(configPath, commit))) return true;
  }
  return false;
}

function notInCheckout(configPath: string): Problem {
  return {
    where: 'input config',
    message: `"${configPath}" is in the commit under test but not in the checkout; check out into the workspace itself, without path, and do not move the file in an earlier step`,
  };
}

function notInRepository(configPath: string): Problem {
  return {
    where: 'input config',
    message: `"${configPath}" is in the workspace, and in the repository neither at the base nor in this pull request, so that policy can't be read there; name the file as the repository has it, check out without path, and commit a file that a step makes`,
  };
}

function removed(configPath: string): Problem {
  return {
    where: configPath,
    message: 'is not in this pull request any more, but it names what is tested',
  };
}

function otherPath(configPath: string, before: string): Problem {
  return {
    where: 'input config',
    message: `is "${configPath}", which the base does not have; the workflow there names "${before}". Merge the new file first, in a pull request that leaves the workflow as it is; then change the input`,
  };
}
