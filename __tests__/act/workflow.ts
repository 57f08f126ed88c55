import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { ROOT } from './root.js';

const step = z.looseObject({ uses: z.string().optional() });
const workflow = z.looseObject({
  jobs: z.record(z.string(), z.looseObject({ steps: z.array(step) })),
});

/** How the last step of every job reports the verdict. */
const SAID = 'the verdict is ';

/**
 * A shipped example as this repository would run it: `uses: ./` instead of a release. Two steps are added around its
 * own: the version of Node before them, the output `verdict` after them.
 */
export async function readExample(name: string): Promise<string> {
  const text = await readFile(path.join(ROOT, 'examples', name), 'utf8');
  const { jobs, ...rest } = workflow.parse(parse(text));
  const own = Object.entries(jobs).map(([id, { steps, ...job }]): [string, object] => {
    const local = steps.map((one) =>
      one.uses?.startsWith('OWNER/mask-gate@') ? { ...one, id: 'gate', uses: './' } : one,
    );
    const say = {
      if: 'always()',
      env: { VERDICT: '${{ steps.gate.outputs.verdict }}' },
      run: `echo "${SAID}$VERDICT"`,
    };
    return [id, { ...job, steps: [{ run: 'node --version' }, ...local, say] }];
  });
  return stringify({ ...rest, jobs: Object.fromEntries(own) });
}

/** The verdict in the log of a job. */
export function verdictIn(log: string): string | undefined {
  return new RegExp(`${SAID}([a-z-]+)`).exec(log)?.[1];
}

export function sayVerdict(verdict: string | undefined): string {
  return `${SAID}${verdict ?? ''}\n`;
}
