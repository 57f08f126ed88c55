import { Command } from 'commander';
import { z } from 'zod';
import { type NamedPlace, findSame } from '../edges/files/outputs.js';
import { UsageError } from '../base/errors.js';
import { renderReportPage } from '../pages/report/page.js';
import { type ReportInput, renderComment } from '../report/comment/comment.js';
import { renderJson } from '../report/json.js';
import { printLine } from './console.js';
import { writeNamed } from './files.js';
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
      const given = [base, runFile].map((file) => ({ setting: 'this command', path: file }));
      const files = html === undefined ? {} : await writePage(html, input, given);
      printLine(json ? renderJson(input, files) : renderComment(input));
      process.exitCode = input.decision.exitCode;
    });
}

/** A page that can't be written costs the page alone. A record that is read is not written over. */
async function writePage(
  file: string,
  input: ReportInput,
  given: readonly NamedPlace[],
): Promise<{ readonly pagePath?: string }> {
  if (await findSame(file, given)) {
    const message = `"${file}" is a record that is compared; name another file`;
    throw new UsageError([{ where: '--html', message }]);
  }
  const place = { setting: '--html', path: file };
  return (await writeNamed(place, () => renderReportPage(input))) ? { pagePath: file } : {};
}
