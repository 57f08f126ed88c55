import { accessSync, constants } from 'node:fs';
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NODE_24, runProcess } from '../e2e/process.js';
import type { FinishedJob, Job } from './job.js';
import { ROOT } from './root.js';

/** The path of act; undefined if it is not installed. */
export function findAct(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return folders.map((folder) => path.join(folder, 'act')).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs a job under nektos/act on this machine, without containers: Node 24 comes first on the path, nothing is kept.
 */
export async function runUnderAct(act: string, job: Job): Promise<FinishedJob> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mask-gate-act-'));
  try {
    const checkout = path.join(folder, 'checkout');
    await checkOut(checkout, job);
    const event = path.join(folder, 'event.json');
    await writeFile(event, JSON.stringify(job.payload));
    const { code, stdout, stderr } = await runProcess(
      act,
      [
        job.eventName,
        ...['--platform', 'ubuntu-latest=-self-hosted'],
        ...['--eventpath', event],
        ...['--workflows', '.github/workflows/mask-gate.yml'],
        ...['--env', `GITHUB_API_URL=${job.apiUrl}`],
        ...['--env', `GITHUB_REPOSITORY=${job.repository}`],
        ...['--env', `GITHUB_REF=${job.ref}`],
        ...['--env', `GITHUB_RUN_ID=${job.runId}`],
        ...['--secret', 'GITHUB_TOKEN', '--secret', 'OPENAI_API_KEY'],
        ...['--pull=false', '--no-cache-server'],
      ],
      {
        cwd: checkout,
        env: {
          HOME: folder,
          XDG_CACHE_HOME: path.join(folder, 'cache'),
          PATH: [path.dirname(await realpath(NODE_24)), process.env['PATH']].join(path.delimiter),
          GITHUB_TOKEN: job.token,
          OPENAI_API_KEY: job.apiKey,
        },
      },
    );
    return { isSuccess: code === 0, log: stdout + stderr };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What actions/checkout leaves behind, which act skips: the files, and a repository whose HEAD is the commit. */
async function checkOut(folder: string, job: Job): Promise<void> {
  const files = { ...job.files, '.github/workflows/mask-gate.yml': job.workflow };
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  }
  await cp(path.join(ROOT, 'action.yml'), path.join(folder, 'action.yml'));
  await cp(path.join(ROOT, 'dist'), path.join(folder, 'dist'), { recursive: true });
  for (const part of ['objects', 'refs/heads']) {
    await mkdir(path.join(folder, '.git', part), { recursive: true });
  }
  await writeFile(path.join(folder, '.git/HEAD'), `${job.sha}\n`);
  await writeFile(path.join(folder, '.git/config'), '[core]\n\trepositoryformatversion = 0\n');
}
