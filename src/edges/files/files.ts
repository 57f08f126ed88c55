import { readFile, realpath, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Problem } from '../../base/errors.js';
import { explainPointer } from '../../base/pointer.js';
import { type FileContent, clearDrafts, discardDraft, makeFolder, writeDraft } from './drafts.js';
import { findKeeper, findPointerInFile } from './pointers.js';

/** Prompts and configurations are texts of at most this many bytes. */
export const TEXT_LIMIT = 1024 * 1024;

export type FoundFile<T> =
  { readonly found: T } | { readonly problem: Problem } | { readonly absent: true };

/** A file or folder that is there, by its real path. */
export interface Located {
  readonly path: string;
  readonly isFolder: boolean;
  readonly size: number;
  /** Whether it lies where the request says, without a link on the way and not by an absolute path. */
  readonly isDirect: boolean;
}

export interface FileRequest {
  /** The setting that names the file, for messages. */
  readonly setting: string;
  readonly path: string;
  /** The folder that must contain the file, links followed. */
  readonly root: string;
}

/**
 * Finds a file or folder inside the workspace. Links are followed first, so that none leads out of it; the
 * messages name the path as configured and never any content.
 */
export async function locate(request: FileRequest): Promise<FoundFile<Located>> {
  const root = await realpath(request.root);
  const wanted = path.resolve(root, request.path);
  const real = await realpath(wanted).catch(() => undefined);
  if (!isInside(root, real ?? wanted)) {
    return problem(request, 'leads out of the workspace; name a file inside the repository');
  }
  if (real === undefined) return { absent: true };
  if (path.relative(root, real).split(path.sep).includes('.git')) {
    return problem(request, 'is in .git, which may contain tokens');
  }
  const entry = await stat(real);
  if (!entry.isFile() && !entry.isDirectory())
    return problem(request, 'is neither a file nor a folder');
  const isDirect = real === path.join(root, request.path);
  return { found: { path: real, isFolder: entry.isDirectory(), size: entry.size, isDirect } };
}

/** Where the texts that settings name are read: by default the workspace. */
export type TextReader = (request: FileRequest) => Promise<FoundFile<string>>;

/**
 * Reads a text file of the workspace: a regular file, UTF-8, at most `limit` bytes, 1 MiB unless told, and no pointer to a
 * content that is elsewhere.
 */
export async function readText(
  request: FileRequest,
  limit = TEXT_LIMIT,
): Promise<FoundFile<string>> {
  const located = await locate(request);
  if ('absent' in located) return (await findKeptElsewhere(request)) ?? located;
  if ('problem' in located) return located;
  const { found } = located;
  if (found.isFolder) return problem(request, 'is a folder; name a file');
  if (found.size > limit) return problem(request, `is larger than ${limit / TEXT_LIMIT} MiB`);
  try {
    const bytes = await readFile(found.path);
    const pointer = await findPointerInFile(found.path, bytes);
    if (pointer) return problem(request, explainPointer(pointer, 'checkout'));
    return { found: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return problem(request, 'cannot be read as UTF-8 text');
  }
}

/** What is wrong where another tool keeps a file or folder that is not there; undefined where none is known to. */
export async function findKeptElsewhere(
  request: FileRequest,
): Promise<{ readonly problem: Problem } | undefined> {
  const keeper = await findKeeper(request);
  if (!keeper) return undefined;
  const reason = explainPointer(keeper.pointer, 'checkout');
  return problem(request, `does not exist, and "${keeper.place}" ${reason}`);
}

/** Writes a file whole or not at all, folders included. */
export async function writeWhole(file: string, content: FileContent): Promise<void> {
  await makeFolder(path.dirname(file));
  await clearDrafts(path.dirname(file), [path.basename(file)]);
  const draft = await writeDraft(file, content);
  try {
    await rename(draft, file);
  } catch (error) {
    await discardDraft(draft);
    throw error;
  }
}

/** Where a file or folder is, or would be, with the links on the way followed. */
export async function resolveRealPath(place: string): Promise<string> {
  const wanted = path.resolve(place);
  const real = await realpath(wanted).catch(() => undefined);
  if (real !== undefined) return real;
  const parent = path.dirname(wanted);
  return parent === wanted
    ? wanted
    : path.join(await resolveRealPath(parent), path.basename(wanted));
}

/** The problem of a file that has to be there and is not. */
export function missing(request: FileRequest): Problem {
  return { where: request.setting, message: `"${request.path}" does not exist` };
}

function problem(request: FileRequest, message: string): { readonly problem: Problem } {
  return { problem: { where: request.setting, message: `"${request.path}" ${message}` } };
}

/** Whether a path is that of a folder, or below it. Both are absolute, without links. */
export function isInside(root: string, target: string): boolean {
  const relative = path.relative(root, target);
  const [first] = relative.split(path.sep);
  return first !== '..' && !path.isAbsolute(relative);
}
