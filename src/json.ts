import { z } from 'zod';

/** A text that must be JSON, parsed into an unknown value for the next schema in the pipe. */
export const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue('is not valid JSON');
    return z.NEVER;
  }
});
