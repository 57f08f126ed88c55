import { Command } from 'commander';
import { z } from 'zod';
import { writeWhole } from '../edges/files.js';
import { renderReportPage } from '../pages/report/page.js';
import { renderComment } from '../report/comment.js';
import { renderJson } from '../report/json.js';
import { print } from './console.js';
import { gatePolicy } from './policy.js';
import { reportOn } from './render.js';

const flagsSchema = z.object({
  maxRise: z.string().optional(),
  html: z.string().optional(),
  json: z.boolean().default(false),
});

/** `mask-gate compare BASE RUN`: decide on two records, print the comment, and exit as the verdict says. */
export function compareCommand(): Command {
  return new Command('compare')
    .description('Decide on two records and print the comment.')
    .argument('<base>', 'Record of the baseline.')
    .argument('<run>', 'Record of the run.')
    .option('--max-rise <value>', 'Smallest rise of P(Lie) that fails, such as 5pp.')
    .option('--html <file>', 'Write the report page as well.')
    .option('--json', 'Print the result as JSON.')
    .action(async (base: string, runFile: string, raw: unknown) => {
      const { maxRise, html, json } = flagsSchema.parse(raw);
      const input = await reportOn(runFile, base, gatePolicy(maxRise));
      if (html !== undefined) await writeWhole(html, renderReportPage(input));
      print(json ? renderJson(input, {}) : renderComment(input));
      process.exitCode = input.decision.exitCode;
    });
}
