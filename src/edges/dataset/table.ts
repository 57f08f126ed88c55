import { isUtf8 } from 'node:buffer';

/** One row of a file as it is written there. */
export interface RawRow {
  /** Its place, for messages: `line 3`. */
  readonly place: string;
  readonly values: unknown;
  /** Why the values must not be taken; they are not complete then. */
  readonly fault?: string;
}

/** The rows of a file, or why it can't be read. Faults name lines and columns, and hold no text of the file. */
export type TableResult = { readonly rows: readonly RawRow[] } | { readonly fault: string };

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const UTF_16 = [
  [0xff, 0xfe],
  [0xfe, 0xff],
];

/** How many bytes a byte order mark takes at the start of a file. */
export function sizeOfMark(bytes: Buffer): number {
  return startsWith(bytes, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
}

/** Why a file can't be taken for UTF-8 text: read all the same, it would hold other words. */
export function findTextFault(bytes: Buffer): string | undefined {
  if (UTF_16.some((mark) => startsWith(bytes, mark))) return 'it is UTF-16 text; save it as UTF-8';
  const zero = bytes.indexOf(0);
  if (zero >= 0) return `line ${lineAt(bytes, zero)} holds a NUL byte; save the file as UTF-8 text`;
  if (isUtf8(bytes)) return undefined;
  return `line ${firstBadLine(bytes)} is not UTF-8 text`;
}

function startsWith(bytes: Buffer, mark: readonly number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}

function firstBadLine(bytes: Buffer): number {
  let start = 0;
  for (let line = 1; ; line += 1) {
    const end = bytes.indexOf(LINE_FEED, start);
    if (end < 0 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
}

function lineAt(bytes: Buffer, offset: number): number {
  return createLineCounter(bytes)(offset);
}

/**
 * Tells the line of an offset, counted from 1. Offsets must not fall, so that the file is gone through once. A line ends
 * with a line feed, a carriage return, or both.
 */
export function createLineCounter(bytes: Buffer): (offset: number) => number {
  let line = 1;
  let at = 0;
  return (offset) => {
    for (; at < offset; at += 1) {
      const byte = bytes[at];
      const isPair = byte === CARRIAGE_RETURN && bytes[at + 1] === LINE_FEED;
      if (byte === LINE_FEED || (byte === CARRIAGE_RETURN && !isPair)) line += 1;
    }
    return line;
  };
}

/** The first offset from which on there is something else than line ends. */
export function skipLineEnds(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === LINE_FEED || bytes[at] === CARRIAGE_RETURN) at += 1;
  return at;
}
