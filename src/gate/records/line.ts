/** A commit on a line of history. */
export interface LinePosition {
  readonly commit: string;
  /** First-parent steps from the start of the line. */
  readonly distance: number;
}

/** How far a line was walked. */
export interface Extent {
  /** Commits that were looked at, the start included. */
  readonly commits: number;
  /** Whether a limit ended the walk before all commits that were asked for had a place, and before the first commit. */
  readonly isCut: boolean;
}

/** A commit and its first-parent ancestors, walked only as far as it is needed. */
export interface Line {
  /**
   * The places of those of some commits that are on the line, nearest first. Ends as soon as all of them have one.
   *
   * @param isServed asked on the way: once it is true, the walk goes on for a short distance only
   */
  places(commits: ReadonlySet<string>, isServed: () => boolean): AsyncIterable<LinePosition>;
  /** How far the last walk went. */
  extent(): Extent;
}

/** A line of commits to look at, nearest first: known as a whole, or to be asked for. */
export type Commits = readonly string[] | Line;

export function toRecordLine(commits: Commits): Line {
  return 'places' in commits ? commits : createLine(commits);
}

/** A line that is known as a whole, nearest commit first. */
export function createLine(line: readonly string[]): Line {
  let looked = 0;
  return {
    async *places(commits) {
      looked = 0;
      const waiting = new Set(commits);
      for (const [distance, commit] of line.entries()) {
        if (waiting.size === 0) return;
        looked = distance + 1;
        if (waiting.delete(commit)) yield await Promise.resolve({ commit, distance });
      }
    },
    extent: () => ({ commits: looked, isCut: false }),
  };
}

/** Whether a commit is on a line, as far as that could be found out. */
export async function isOnLine(line: Line, commit: string): Promise<boolean> {
  for await (const place of line.places(new Set([commit]), () => false)) {
    return place.commit === commit;
  }
  return false;
}
