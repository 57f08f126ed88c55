import { connectGitHub } from '../../../src/edges/github/client.js';
import {
  type Line,
  type LinePosition,
  isOnLine,
  createLine,
} from '../../../src/gate/records/line.js';
import { type GitHubServer, startGitHub } from '../../e2e/github-server.js';

let github: GitHubServer;
let root: string;

beforeAll(async () => {
  github = await startGitHub();
  root = (await github.commitsOf('main'))[0]?.sha ?? '';
});
afterEach(() => {
  github.fault = undefined;
});
afterAll(() => github.close());

function connect(): ReturnType<typeof connectGitHub> {
  const [owner = '', repo = ''] = github.repository.split('/');
  return connectGitHub({
    token: github.tokens.workflow,
    repository: { owner, repo },
    apiUrl: github.apiUrl,
    clock: { now: () => 0, sleep: () => Promise.resolve(), jitter: () => 0 },
  });
}

async function placesOf(
  line: Line,
  commits: readonly string[],
  isServed = (): boolean => false,
): Promise<readonly LinePosition[]> {
  const found: LinePosition[] = [];
  for await (const place of line.places(new Set(commits), isServed)) found.push(place);
  return found;
}

/** Pages of history that were requested since. */
function pagesSince(start: number): number {
  return github.sent.slice(start).filter(({ url }) => url.includes('/commits?')).length;
}

describe('the first-parent line', () => {
  test('continues after the merge of a branch that fills every page', async () => {
    const record = await github.grow(root, 1);
    const before = await github.grow(record, 1);
    const merge = await github.merge(before, await github.grow(root, 310));
    const tip = await github.grow(merge, 1);
    const start = github.sent.length;
    const line = connect().line(tip);
    expect(await placesOf(line, [record])).toEqual([{ commit: record, distance: 3 }]);
    expect(line.extent()).toEqual({ commits: 4, isCut: false });
    expect(pagesSince(start)).toBeLessThan(5);
  });

  test('does not follow the merged branches', async () => {
    const inside = await github.grow(root, 2);
    const merge = await github.merge(root, await github.grow(inside, 2));
    const line = connect().line(merge);
    expect(await placesOf(line, [inside])).toEqual([]);
    expect(line.extent()).toEqual({ commits: 2, isCut: false });
  });

  test('is requested only as far as needed', async () => {
    const tip = await github.grow(root, 250);
    const start = github.sent.length;
    const line = connect().line(tip);
    expect(await placesOf(line, [])).toEqual([]);
    expect(line.extent()).toEqual({ commits: 0, isCut: false });
    expect(await placesOf(line, [tip])).toEqual([{ commit: tip, distance: 0 }]);
    expect(pagesSince(start)).toBe(0);
    expect(await placesOf(line, [tip, root])).toEqual([
      { commit: tip, distance: 0 },
      { commit: root, distance: 250 },
    ]);
    expect(pagesSince(start)).toBe(3);
    // Pages that were read once are cached.
    expect(await placesOf(line, [root])).toHaveLength(1);
    expect(pagesSince(start)).toBe(3);
  });

  test('reports that it was cut if GitHub returns no more of it', async () => {
    const tip = await github.grow(root, 120);
    let pages = 0;
    github.fault = ({ url }) => {
      if (!url.includes('/commits?')) return undefined;
      pages += 1;
      return pages > 1 ? { status: 404, message: 'Not Found' } : undefined;
    };
    const line = connect().line(tip);
    expect(await placesOf(line, [root])).toEqual([]);
    expect(line.extent()).toMatchObject({ isCut: true });
  });

  test.each([
    [404, 'Not Found'],
    [422, 'No commit found for SHA'],
    [409, 'Git Repository is empty.'],
  ])('is cut at a commit that GitHub does not know: %d', async (status, message) => {
    github.fault = ({ url }) => (url.includes('/commits?') ? { status, message } : undefined);
    const line = connect().line('f'.repeat(40));
    expect(await placesOf(line, [root])).toEqual([]);
    expect(line.extent()).toEqual({ commits: 1, isCut: true });
  });

  test('does not hide that GitHub has a fault', async () => {
    github.fault = ({ url }) =>
      url.includes('/commits?') ? { status: 500, message: '' } : undefined;
    await expect(placesOf(connect().line('e'.repeat(40)), [root])).rejects.toThrow();
  });

  describe('of pages that never end', () => {
    /** A history in which each page contains one commit of the line, by its number: `from` knows its parent. */
    const numbered = (number: number): string => number.toString(16).padStart(40, '0');
    const answerEndlessly = (): void => {
      github.fault = ({ url }) => {
        const from = /\/commits\?sha=([0-9a-f]{40})/.exec(url)?.[1];
        if (from === undefined) return undefined;
        const parents = [{ sha: numbered(Number.parseInt(from, 16) + 1) }];
        return { status: 200, message: '', body: [{ sha: from, parents }] };
      };
    };

    test('is read up to a limit, and reports the cut', async () => {
      answerEndlessly();
      const start = github.sent.length;
      const line = connect().line(numbered(1));
      expect(await placesOf(line, [numbered(1000)])).toEqual([]);
      expect(line.extent()).toMatchObject({ isCut: true });
      expect(pagesSince(start)).toBe(50);
    });

    test('is read a little further than the first usable record', async () => {
      answerEndlessly();
      const start = github.sent.length;
      const line = connect().line(numbered(1));
      const wanted = [numbered(11), numbered(13), numbered(40)];
      let isServed = false;
      const found: number[] = [];
      for await (const { distance } of line.places(new Set(wanted), () => isServed)) {
        found.push(distance);
        isServed = true;
      }
      expect(found).toEqual([10, 12]);
      expect(pagesSince(start)).toBe(13);
    });
  });

  test('of a branch begins at its tip', async () => {
    const tip = await github.grow(root, 3);
    await github.branch('named', tip);
    expect(await placesOf(connect().line('named'), [tip, root])).toEqual([
      { commit: tip, distance: 0 },
      { commit: root, distance: 3 },
    ]);
    expect(await isOnLine(connect().line('named'), root)).toBe(true);
    expect(await isOnLine(connect().line('named'), 'f'.repeat(40))).toBe(false);
    expect(await isOnLine(connect().line('no-such-branch'), root)).toBe(false);
  });
});

describe('a complete line', () => {
  test('returns positions nearest first, and is never cut', async () => {
    const line = createLine(['c', 'b', 'a']);
    expect(await placesOf(line, ['a', 'c', 'x'])).toEqual([
      { commit: 'c', distance: 0 },
      { commit: 'a', distance: 2 },
    ]);
    expect(line.extent()).toEqual({ commits: 3, isCut: false });
    expect(await placesOf(line, ['b'])).toEqual([{ commit: 'b', distance: 1 }]);
    expect(line.extent()).toEqual({ commits: 2, isCut: false });
  });
});
