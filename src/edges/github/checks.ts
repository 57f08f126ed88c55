import { z } from 'zod';
import { type Api, refusalText } from './api.js';

/** How a check run ends. `neutral` does not hold up a merge. */
export type Conclusion = 'success' | 'neutral' | 'failure' | 'cancelled';

interface CheckOutput {
  readonly title: string;
  /** Markdown, at most 65,535 characters. */
  readonly summary: string;
  /** A file of the commit that the result is about, and how loudly it is marked. */
  readonly mark?: { readonly path: string; readonly level: 'warning' | 'failure' };
}

/** What a check run ends with. */
export interface CheckEnd {
  readonly conclusion: Conclusion;
  readonly output: CheckOutput;
}

export type CheckResult =
  | { readonly status: 'open'; readonly id: number }
  | { readonly status: 'refused'; readonly reason: string };

const checkSchema = z.object({ id: z.number(), status: z.string() });

/** Opens a check run, in progress, on a commit. A refusal is a value: the verdict does not depend on it. */
export async function openCheck(
  { octokit, repository }: Api,
  check: { readonly name: string; readonly commit: string },
): Promise<CheckResult> {
  try {
    const { data } = await octokit.rest.checks.create({
      ...repository,
      name: check.name,
      head_sha: check.commit,
      status: 'in_progress',
    });
    return { status: 'open', id: checkSchema.parse(data).id };
  } catch (error) {
    const permission = 'checks: write, which pull requests from forks do not get';
    return {
      status: 'refused',
      reason: refusalText(error, { subject: 'the check run', permission }),
    };
  }
}

/** Ends a check run, or does so where it has not ended yet when `ifOpen` is set. */
export async function concludeCheck(
  { octokit, repository }: Api,
  check: {
    readonly id: number;
    readonly ifOpen?: boolean;
  } & CheckEnd,
): Promise<void> {
  const place = { ...repository, check_run_id: check.id };
  if (check.ifOpen) {
    const { data } = await octokit.rest.checks.get(place);
    if (checkSchema.parse(data).status === 'completed') return;
  }
  const { mark, title, summary } = check.output;
  await octokit.rest.checks.update({
    ...place,
    status: 'completed',
    conclusion: check.conclusion,
    output: {
      title,
      summary,
      ...(mark && {
        annotations: [
          {
            path: mark.path,
            start_line: 1,
            end_line: 1,
            annotation_level: mark.level,
            message: title,
          },
        ],
      }),
    },
  });
}

/**
 * Concludes the open check runs of a name on a commit, except one: those of machines that died, which would stay in
 * progress for ever. A check run of another app cannot be changed and is left alone.
 */
export async function concludeOpenChecks(
  api: Api,
  check: { readonly name: string; readonly commit: string; readonly except: number } & CheckEnd,
): Promise<void> {
  const { octokit, repository } = api;
  const { data } = await octokit.rest.checks.listForRef({
    ...repository,
    ref: check.commit,
    check_name: check.name,
    status: 'in_progress',
    filter: 'all',
    per_page: 100,
  });
  const open = z.object({ check_runs: z.array(checkSchema) }).parse(data).check_runs;
  const { conclusion, output, except } = check;
  const others = open.filter(({ id }) => id !== except);
  await Promise.allSettled(others.map(({ id }) => concludeCheck(api, { id, conclusion, output })));
}
