import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface TempFolder {
  /** The folder of the current test; a new one for each test. */
  readonly path: string;
  /** Writes a file below it, including folders, and returns its absolute path. */
  write(name: string, content: string | Uint8Array): Promise<string>;
}

/** An empty folder for each test of the file or block, removed after it. */
export function useTempFolder(): TempFolder {
  let folder = '';
  beforeEach(async () => {
    folder = await realpath(mkdtempSync(path.join(tmpdir(), 'mask-gate-test-')));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    get path() {
      return folder;
    },
    async write(name, content) {
      const file = path.join(folder, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content);
      return file;
    },
  };
}
