import { types } from 'node:util';
import { toMessage } from '../../base/errors.js';

/** What the system's codes say, in words that follow a colon. */
const FAULTS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EBUSY: 'another program uses it',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'a file with that name exists',
  EFBIG: 'it is too large for this disk',
  EINVAL: 'the name is not valid here',
  EIO: 'the disk reports an error',
  EISDIR: 'a folder has that name',
  ELOOP: 'the links in its path lead in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENFILE: 'too many files are open',
  ENOENT: 'there is no such folder, and none can be made',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a file is in the place of a folder',
  ENXIO: 'nothing reads from it',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
};

/** Why a file could not be read or written, in plain words; undefined for what is not a fault of the file system. */
export function findFileFault(error: unknown): string | undefined {
  if (!types.isNativeError(error) || !('syscall' in error && 'code' in error)) return undefined;
  const { code } = error;
  return typeof code === 'string' ? FAULTS[code] : undefined;
}

/** The same for anything that was thrown. */
export function describeFileFault(error: unknown): string {
  return findFileFault(error) ?? toMessage(error);
}

/** Whether less of it would have fitted. */
export function isFull(error: unknown): boolean {
  const fault = findFileFault(error);
  return fault === FAULTS['ENOSPC'] || fault === FAULTS['EDQUOT'];
}
