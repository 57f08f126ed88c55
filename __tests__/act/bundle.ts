import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runAction } from '../e2e/action-runner.js';
import { NODE_24, runProcess } from '../e2e/process.js';
import type { FinishedJob, Job } from './job.js';
import { sayVerdict } from './workflow.js';

/**
 * Runs the step of a job as the runner would, for machines without act: the bundle on Node 24, without the workflow.
 */
export async function runBundleAlone(job: Job): Promise<FinishedJob> {
  const workspace = await mkdtemp(path.join(tmpdir(), 'mask-gate-bundle-'));
  try {
    for (const [file, text] of Object.entries({ ...job.files, '.git/HEAD': `${job.sha}\n` })) {
      await mkdir(path.dirname(path.join(workspace, file)), { recursive: true });
      await writeFile(path.join(workspace, file), text);
    }
    const version = await runProcess(NODE_24, ['--version'], { cwd: workspace });
    const inputs = { 'api-key': job.apiKey, 'github-token': job.token };
    const run = await runAction({ ...job, workspace, inputs });
    const log = withoutMasks(version.stdout + run.stdout + run.stderr);
    return { isSuccess: run.code === 0, log: log + sayVerdict(run.outputs['verdict']) };
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

/** Runners act on these lines, and do not show them. */
function withoutMasks(log: string): string {
  return log.replaceAll(/^::add-mask::.*\n/gm, '');
}
