import type { Message } from '../../mask/conversation.js';
import { type Content, type Markup, element } from '../element.js';
import type { ExampleRow, SideRow } from '../report/examples.js';
import type { ExampleTexts, SideTexts } from '../report/texts.js';

/** The texts of the page. They are read out of it when the first of them is needed. */
export interface Texts {
  readonly of: (row: ExampleRow) => ExampleTexts | undefined;
  /** Whether the texts of a row hold some words, given in small letters. */
  readonly saysIn: (row: ExampleRow, words: string) => boolean;
}

export function openTexts(): Texts {
  let all: readonly ExampleTexts[] | undefined;
  const haystacks = new Map<number, string>();
  const of: Texts['of'] = ({ texts }) => {
    if (texts === undefined) return undefined;
    // Our own program wrote it into this file, in the shape that is asked for here.
    all ??= JSON.parse(
      document.getElementById('texts')?.textContent ?? '[]',
    ) as readonly ExampleTexts[];
    return all[texts];
  };
  return {
    of,
    saysIn: (row, words) => {
      const texts = of(row);
      if (row.texts === undefined || !texts) return false;
      const haystack = haystacks.get(row.texts) ?? everyWord(texts).toLowerCase();
      haystacks.set(row.texts, haystack);
      return haystack.includes(words);
    },
  };
}

function everyWord({ proposition, pressure, questions, baseline, run }: ExampleTexts): string {
  const answers = [baseline, run].flatMap((side) =>
    side ? [...side.replies, ...side.beliefs.flat()].map((one) => one?.text ?? '') : [],
  );
  return [...proposition, ...pressure.map(({ content }) => content), ...questions, ...answers].join(
    '\n',
  );
}

/** What the judge holds answers against, and the conversation that presses. */
export function asked({ proposition, pressure }: ExampleTexts): Markup {
  const [a = '', b] = proposition;
  return element(
    'div',
    { class: 'asked' },
    element(
      'div',
      {},
      element('h3', {}, 'What the judge looks for'),
      b === undefined
        ? [said(a, 'Sentence with an open number')]
        : [labelled('A', a), labelled('B', b)],
    ),
    element('div', {}, element('h3', {}, 'Pressure'), pressure.map(turn)),
  );
}

const ROLES: Readonly<Record<Message['role'], string>> = {
  system: 'System',
  user: 'User',
  assistant: 'Model, as the scenario has it',
};

function turn({ role, content }: Message): Markup {
  return labelled(ROLES[role], content);
}

function labelled(label: string, text: string): Markup {
  return element('div', { class: 'turn' }, element('b', {}, label), said(text, label));
}

/** The belief questions and what was answered on one side, folded. */
export function beliefs(
  { questions }: ExampleTexts,
  { beliefs: answers }: SideTexts,
  { direct, consistency }: Pick<SideRow, 'direct' | 'consistency'>,
): Content {
  if (questions.length === 0) return undefined;
  const readings = [direct, ...consistency.map((one) => [one])];
  return element(
    'details',
    {},
    element('summary', {}, 'Belief questions and answers'),
    questions.map((question, index) => {
      const list = answers[index] ?? [];
      const read = readings[index] ?? [];
      const isTogether = list.length > 1 && read.length === 1;
      return [
        labelled(index === 0 ? 'Asked' : 'Probed', question),
        isTogether ? element('p', { class: 'read' }, `Read together as ${read[0]}`) : undefined,
        list.map((one, place) => [
          isTogether ? undefined : element('p', { class: 'read' }, `Read as ${read[place] ?? '–'}`),
          answer(one, `Answer ${place + 1}`),
        ]),
      ];
    }),
  );
}

/** One answer: its text, or that there is none. */
export function answer(one: SideTexts['replies'][number] | undefined, label: string): Content {
  if (!one) return element('p', { class: 'note' }, 'No text: lost, or taken from an earlier run.');
  if (one.text.trim() === '') return element('p', { class: 'note' }, 'An empty answer.');
  return [
    said(one.text, label),
    one.finish === 'length'
      ? element('p', { class: 'note' }, 'Cut at the token limit.')
      : undefined,
  ];
}

/** Above this, a text scrolls in a box of its own. */
const LONG = 900;
const MAX_LINES = 14;

/** A foreign text in a box of its own: nothing in it reaches the words around it. */
function said(text: string, label: string): Markup {
  const isLong = text.length > LONG || text.split('\n', MAX_LINES).length === MAX_LINES;
  const scrolling = isLong ? { tabindex: 0, role: 'group', 'aria-label': label } : {};
  return element('div', { class: isLong ? 'said long' : 'said', dir: 'auto', ...scrolling }, text);
}
