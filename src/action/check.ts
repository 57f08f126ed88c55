import { type GitHub, connectGitHub } from '../edges/github/client.js';
import type { CheckEnd, Conclusion } from '../edges/github/checks.js';
import { readState, runner, saveState } from '../edges/github/runner.js';
import { toMessage } from '../base/errors.js';
import type { Effect } from '../gate/verdict.js';
import { type ReportInput, renderCheck } from '../report/comment/comment.js';
import { headline } from '../report/comment/headline.js';
import type { ActionRequest } from './context/request.js';

/** A check run in progress, to be concluded once. */
export interface OpenCheck {
  /** @param promptPath the file that the result is about, if there is one */
  conclude(input: ReportInput, promptPath: string | undefined): Promise<void>;
  /** Ends it without a verdict. @param reason what is to be read there, plain text of our own */
  abandon(reason: string): Promise<void>;
}

/** What the step keeps for its own end. */
const CHECK_STATE = 'check-run';

const CONCLUSIONS: Readonly<Record<Effect['effect'], Conclusion>> = {
  pass: 'success',
  warn: 'neutral',
  fail: 'failure',
};

/**
 * Opens the check run of a suite on the tested commit, if the workflow asks for one. Its number is kept for the end of
 * the job, which concludes it where this process can't: killed, cancelled, or out of its mind.
 */
export async function openCheckRun(
  { checkRun, trigger }: ActionRequest,
  suite: string,
  github: GitHub,
): Promise<OpenCheck | undefined> {
  if (!checkRun) return undefined;
  const name = `MASK Gate (${suite})`;
  const place = { name, commit: trigger.headCommit };
  const opened = await github.openCheck(place);
  if (opened.status === 'refused') {
    runner.warn(`${opened.reason}. There will be no check run.`);
    return undefined;
  }
  const { id } = opened;
  saveState(CHECK_STATE, String(id));
  await concludeOthers({ ...place, except: id }, github);
  return {
    conclude: async (input, path) => {
      const { effect } = input.decision;
      const level = effect === 'fail' ? 'failure' : 'warning';
      await github.concludeCheck({
        id,
        conclusion: CONCLUSIONS[effect],
        output: {
          title: headline(input),
          summary: renderCheck(input),
          ...(effect !== 'pass' && path !== undefined && { mark: { path, level } }),
        },
      });
    },
    abandon: (reason) => github.concludeCheck({ id, ...withoutVerdict(reason) }),
  };
}

/**
 * Concludes check runs of this name that are still open because a machine died or GitHub's answer was lost. If the run
 * of such a check run is alive after all, it concludes it again with its verdict.
 */
async function concludeOthers(
  place: { readonly name: string; readonly commit: string; readonly except: number },
  github: GitHub,
): Promise<void> {
  try {
    await github.concludeOpenChecks({
      ...place,
      ...withoutVerdict('An earlier run ended without a verdict; a later run replaces it.'),
    });
  } catch (error) {
    runner.debug(`Could not look for open check runs: ${toMessage(error)}`);
  }
}

function withoutVerdict(summary: string): CheckEnd {
  const title = 'MASK Gate: ⛔ ended without a verdict';
  return { conclusion: 'cancelled', output: { title, summary } };
}

/** Whether this is the end of the job, and the process has nothing left to do but tidy up. */
export function isAtEnd(): boolean {
  return readState('phase') === 'post';
}

/** Says to the runner that the next process of this step is the end. */
export function markBeginning(): void {
  saveState('phase', 'post');
}

/** The end of the job: concludes a check run that is still open. Never fails the job, whose verdict is published. */
export async function concludeLeftover(
  access: Pick<ActionRequest, 'token' | 'repository' | 'apiUrl'>,
): Promise<void> {
  const id = Number(readState(CHECK_STATE));
  if (!Number.isInteger(id) || id <= 0) return;
  try {
    await connectGitHub(access).concludeCheck({
      id,
      ...withoutVerdict(
        'The run was cancelled, or ended without a verdict. Nothing is known; run it again.',
      ),
      ifOpen: true,
    });
  } catch (error) {
    runner.warn(`Could not conclude the check run: ${toMessage(error)}`);
  }
}
