import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const FOLDER = path.resolve(import.meta.dirname, '../examples');

const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.yml'));

const workflowSchema = z.looseObject({
  on: z.union([z.string(), z.record(z.string(), z.unknown())]),
  permissions: z.strictObject({}),
  concurrency: z.unknown(),
  jobs: z.record(
    z.string(),
    z.looseObject({
      permissions: z.record(z.string(), z.enum(['read', 'write'])),
      'timeout-minutes': z.int(),
      steps: z.array(
        z.looseObject({
          uses: z.string().optional(),
          with: z.record(z.string(), z.unknown()).optional(),
        }),
      ),
    }),
  ),
});

const read = (name: string): Promise<string> => readFile(path.join(FOLDER, name), 'utf8');

const jobsOf = (text: string): z.infer<typeof workflowSchema>['jobs'][string][] =>
  Object.values(workflowSchema.parse(parse(text)).jobs);

/** Everything that may be cached or uploaded: the records of a directory store, and readings, which contain no text. */
const CACHEABLE = ['.mask-gate', '~/.cache/mask-gate/readings'];

/** A permission, followed by a comment that gives the reason. */
const WITH_REASON = /^ +[a-z-]+: (read|write) # \S.+/;

describe.each(files)('the example %s', (name) => {
  test('gives every permission to a job, with the reason next to it', async () => {
    const text = await read(name);
    const given = jobsOf(text).flatMap(({ permissions }) => Object.entries(permissions));
    const reasons = text.split('\n').filter((line) => WITH_REASON.test(line));
    expect(given.length).toBeGreaterThan(0);
    expect(reasons).toHaveLength(given.length);
  });

  test('pins every action to a full commit, and leaves no token in the checkout', async () => {
    const steps = jobsOf(await read(name)).flatMap((job) => job.steps);
    const used = steps.flatMap(({ uses }) => uses ?? []);
    for (const action of used) expect(action).toMatch(/^[\w./-]+@[0-9a-f]{40}$/);
    expect(used).toContainEqual(expect.stringMatching(/^OWNER\/mask-gate@/));
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    // Workflows that react to a fork's run must not even have its files.
    const expected = /\bworkflow_run:/.test(await read(name))
      ? []
      : [{ 'persist-credentials': false }];
    expect(checkouts.map((step) => step.with)).toEqual(expected);
  });

  test('uploads only files that a run has written', async () => {
    const steps = jobsOf(await read(name)).flatMap((job) => job.steps);
    const uploads = steps.filter(({ uses }) => uses?.startsWith('actions/upload-artifact@'));
    const gates = steps.filter(({ uses }) => uses?.startsWith('OWNER/mask-gate@'));
    for (const upload of uploads) {
      expect(upload['if']).toBe("always() && steps.mask-gate.outputs.report-path != ''");
      expect(gates).toContainEqual(expect.objectContaining({ id: 'mask-gate' }));
    }
  });

  test('caches no file that contains a text', async () => {
    const steps = jobsOf(await read(name)).flatMap((job) => job.steps);
    const cached = steps
      .filter(({ uses }) => uses?.startsWith('actions/cache'))
      .map((step) => step.with?.['path']);
    for (const place of cached) expect(CACHEABLE).toContain(place);
  });

  test('has no key if a fork starts it, except in a protected environment', async () => {
    const text = await read(name);
    if (!/\bworkflow_run:/.test(text)) return;
    for (const job of jobsOf(text)) {
      const hasKey = JSON.stringify(job).includes('secrets.');
      expect(typeof job['environment']).toBe(hasKey ? 'string' : 'undefined');
    }
  });

  test('skips no job of a required check: for GitHub a skipped job has passed', async () => {
    const workflow = workflowSchema.parse(parse(await read(name)));
    const events = typeof workflow.on === 'string' ? [workflow.on] : Object.keys(workflow.on);
    if (!events.some((event) => ['pull_request', 'merge_group'].includes(event))) return;
    for (const job of Object.values(workflow.jobs)) expect(job).not.toHaveProperty('if');
  });

  test('gates a new base and a merge queue, and no label ends a run that measures', async () => {
    const { on, concurrency } = workflowSchema.parse(parse(await read(name)));
    expect(on).not.toBe('pull_request');
    if (typeof on === 'string' || !('pull_request' in on)) return;
    expect(on).toHaveProperty('merge_group');
    expect(on['pull_request']).toMatchObject({
      types: expect.arrayContaining(['opened', 'synchronize', 'reopened', 'edited']) as string[],
    });
    expect(concurrency).toMatchObject({
      'cancel-in-progress':
        "${{ github.event.action == 'synchronize' || github.event.changes.base != null }}",
    });
  });

  test('may read pull requests and earlier runs, if it gates', async () => {
    const text = await read(name);
    if (!/^ {2}pull_request:/m.test(text)) return;
    for (const { permissions } of jobsOf(text)) {
      expect(permissions).toMatchObject({
        contents: 'read',
        actions: 'read',
        'pull-requests': expect.stringMatching(/^(read|write)$/) as string,
      });
    }
  });

  test('runs on no event that gives secrets to forks, and is listed', async () => {
    const { on } = workflowSchema.parse(parse(await read(name)));
    const events = typeof on === 'string' ? [on] : Object.keys(on);
    expect(events).not.toContain('pull_request_target');
    expect(await read('README.md')).toContain(`[${name}](${name})`);
  });
});

test('the workflows in the README are exactly those of this folder', async () => {
  const readme = await readFile(path.resolve(FOLDER, '../README.md'), 'utf8');
  const shown = [...readme.matchAll(/^( *)```yaml\n([\s\S]*?)^\1```$/gm)]
    .map(([, indent = '', text = '']) => text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''))
    .filter((text) => /^jobs:$/m.test(text));
  expect(shown.length).toBeGreaterThan(0);
  const known = await Promise.all(files.map(read));
  for (const text of shown) expect(known).toContain(text);
});
