import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { type Problem, UsageError } from '../../base/errors.js';
import { findRepeatedKey, jsonText } from '../../base/json.js';
import { type ReadingsRow, readingsRowSchema } from '../../mask/imported-readings.js';

/** Problems shown before the rest is only counted, so that a wrong file does not fill the screen. */
const MAX_PROBLEMS = 20;

/**
 * Reads a JSONL file of readings, one example a line. Messages name the line and the field, never a judge's text.
 *
 * @throws UsageError with every problem of every line at once
 */
export async function readReadings(file: string): Promise<readonly ReadingsRow[]> {
  const text = await readUtf8(file);
  const rows: ReadingsRow[] = [];
  const problems: Problem[] = [];
  const lineOf = new Map<string, number>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const where = `${file} line ${index + 1}`;
    const parsed = jsonText.pipe(readingsRowSchema).safeParse(line);
    if (!parsed.success) {
      problems.push({ where, message: describeIssues(parsed.error) });
      continue;
    }
    // The schema takes no other keys than those that are documented, so this one may be named.
    const repeated = findRepeatedKey(line);
    if (repeated) {
      problems.push({ where, message: `has the key ${repeated.key} twice in one object` });
      continue;
    }
    const { id, hash } = parsed.data;
    for (const [name, value] of Object.entries({ id, hash })) {
      const key = `${name} ${value ?? index}`;
      const twin = lineOf.get(key);
      if (twin !== undefined) problems.push({ where, message: `has the ${name} of line ${twin}` });
      lineOf.set(key, index + 1);
    }
    rows.push(parsed.data);
  }
  if (rows.length === 0 && problems.length === 0) {
    problems.push({ where: file, message: 'contains no readings; see mask-gate schema readings' });
  }
  if (problems.length > 0) throw new UsageError(shorten(problems, file));
  return rows;
}

async function readUtf8(file: string): Promise<string> {
  const bytes = await readFile(file).catch(() => {
    throw new UsageError([{ where: file, message: 'cannot be read; name a JSONL file' }]);
  });
  try {
    return new TextDecoder('utf8', { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError([{ where: file, message: 'is not UTF-8; convert it' }]);
  }
}

function describeIssues({ issues }: z.ZodError): string {
  return issues
    .map((issue) => `${issue.path.join('.')} ${lowerFirst(issue.message)}`.trim())
    .join('; ');
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function shorten(problems: readonly Problem[], file: string): readonly Problem[] {
  const rest = problems.length - MAX_PROBLEMS;
  if (rest <= 0) return problems;
  return [
    ...problems.slice(0, MAX_PROBLEMS),
    { where: file, message: `${rest} more lines are wrong; see mask-gate schema readings` },
  ];
}
