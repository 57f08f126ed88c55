import { readFileSync } from 'node:fs';

/**
 * Imported before `@actions/github`, which parses the event of the workflow as soon as it is loaded, and ends the
 * process where the file is cut. Without the variable it reads nothing, and the settings say what is missing.
 */
function isJson(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, 'utf8'));
    return true;
  } catch {
    return false;
  }
}

const file = process.env['GITHUB_EVENT_PATH'];
if (file !== undefined && !isJson(file)) delete process.env['GITHUB_EVENT_PATH'];
