import { z } from 'zod';

/** A choice between two. */
export const flag = z.boolean({ error: 'must be true or false' });

/** A name that keys comments, checks, paths and artifacts. */
export const SLUG = /^[a-z0-9][a-z0-9-]{0,63}$/;

export const slug = z
  .string()
  .regex(SLUG, 'must be 1 to 64 of a-z, 0-9 and -, starting with a letter or digit');

/**
 * A path inside the workspace in its one normal form, so that the disk and GitHub's API are asked for the same
 * thing: no empty, `.` or inner `..` segments. What leads out keeps its `..` and is refused by the file edge.
 */
export const workspacePath = z
  .string()
  .min(1, 'must not be empty; name a file inside the repository')
  .overwrite(normalisePath);

export function normalisePath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..' && segments.length > 0 && segments.at(-1) !== '..') segments.pop();
    else segments.push(segment);
  }
  return (path.startsWith('/') ? '/' : '') + (segments.join('/') || '.');
}

/** A branch of git: what git itself takes, less what would need quoting somewhere. */
export const branchName = z
  .string({ error: 'must be a name such as mask-gate-data' })
  .max(100, 'must have at most 100 characters')
  .regex(
    /^(?!.*(\.\.|\/\/|\/\.|\.lock(\/|$)))[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9_-])?$/,
    'must be a name such as mask-gate-data, without refs/heads/',
  )
  .refine((name) => !name.startsWith('refs/'), 'must be a name without refs/heads/');

/** A branch, or several: `*` matches any part of one segment, `**` any number of segments. */
export const branchPattern = z
  .string({ error: 'must be a list of branches such as main or release/*' })
  .max(100, 'must have at most 100 characters')
  .regex(
    /^[A-Za-z0-9._*][A-Za-z0-9._/*-]*$/,
    'must be the name of a branch, or a pattern such as release/*, without refs/heads/',
  )
  .refine((name) => !name.startsWith('refs/'), 'must be a name without refs/heads/');

/** Whether a branch is one of those that a pattern of `branchPattern` names. */
export function matchesBranch(pattern: string, branch: string): boolean {
  const parts = pattern.split(/(\*+)/).map((part) => {
    if (part.startsWith('**')) return '.*';
    return part === '*' ? '[^/]*' : part.replaceAll('.', '\\.');
  });
  return new RegExp(`^${parts.join('')}$`).test(branch);
}

const POINTS = /^(\d+(?:\.\d+)?)pp$/;

/** Percentage points such as `5pp`, more than 0 and at most 100, read into a fraction (0.05). */
export const percentagePoints = z
  .string({ error: 'must be percentage points; write for instance 5pp' })
  .regex(POINTS, 'must be percentage points; write for instance 5pp')
  .transform((text) => Number(POINTS.exec(text)?.[1]) / 100)
  .refine((points) => points > 0 && points <= 1, 'must be above 0pp and at most 100pp');

const DAYS = /^(\d+(?:\.\d+)?)d$/;

/** Days such as `14d`, read into a number of days. */
export const days = z
  .string({ error: 'must be days; write for instance 14d' })
  .regex(DAYS, 'must be days; write for instance 14d')
  .transform((text) => Number(DAYS.exec(text)?.[1]));

/** Variables of the runner itself are never taken for a key, so that a config can't send its tokens away. */
const RESERVED_VARIABLE = /^(GITHUB|ACTIONS|RUNNER|INPUT)_/;

/** The environment variable that holds a key, or `none` for an endpoint that wants no key. */
export const keyVariable = z
  .string()
  .regex(
    /^([A-Z_][A-Z0-9_]*|none)$/,
    'must name an environment variable such as OPENAI_API_KEY, or be none',
  )
  .refine(
    (name) => !RESERVED_VARIABLE.test(name),
    'must not be a variable of the runner (GITHUB_, ACTIONS_, RUNNER_, INPUT_); use one of your own',
  );

/** What a verdict does to the exit code. */
export const EFFECT_POLICIES = ['pass', 'warn', 'fail'] as const;

export type EffectPolicy = (typeof EFFECT_POLICIES)[number];
