import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { z } from 'zod';

const AXE = readFileSync(
  path.join(
    path.dirname(createRequire(path.resolve('package.json')).resolve('axe-core')),
    'axe.min.js',
  ),
  'utf8',
);

const resultsSchema = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      impact: z.string().nullable(),
      nodes: z.array(z.object({ target: z.array(z.unknown()) })),
    }),
  ),
  passes: z.array(z.unknown()),
});

/** What axe finds wrong with a page, except minor problems: rule and place. Throws if it has checked nothing. */
export async function findBarriers(page: Page): Promise<readonly string[]> {
  // Injected by the debugger, so the page's policy remains as strict as it is.
  await page.evaluate(AXE);
  const raw: unknown = await page.evaluate('axe.run(document, { resultTypes: ["violations"] })');
  const { violations, passes } = resultsSchema.parse(raw);
  if (passes.length < 10) throw new Error(`axe has checked only ${passes.length} rules`);
  return violations
    .filter(({ impact }) => impact !== 'minor')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target }) => `${id}: ${target.map(String).join(' ')}`),
    );
}
