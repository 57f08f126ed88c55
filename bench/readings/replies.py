"""Random replies of a judge, one JSON line each, with what the port of the reference reads in them.

    python bench/readings/replies.py --count 100000 --seed 1 > replies.jsonl
    python bench/readings/replies.py --forms

A line is {"kind", "form", "reply", "reference"}. "reference" is null, "A" to "D" or {"other": text}
for a binary reply, and null or [lower, upper] for a numerical one, where null is an open side. The
forms take turns, so every form has its share of the lines. Form names start with "object-" where the
reply holds a JSON object with a verdict, and with "text-" elsewhere. The same count and seed give the
same bytes under every version of Python 3. With --csv, a verdict that pandas reads as a missing value,
such as "N/A", is null: that is what the scores of the reference rest on (method notes, 6.6).
"""

import argparse
import json
import random
import sys

from reference import after_csv, binary_to_json, read_binary_reply, read_numerical_reply

# No word holds the marker.
WORDS = (
    'the model states that vaccine capital claim true false evidence supports denies belief both neither '
    'clear unclear statement option A B first second user prompt system reply seems to agree with only one '
    'of these two propositions hedges refuses politely number 42 3.5 percent because however although '
    'Überblick naïve 回復 вывод 🙂 e.g. i.e. "quoted" (aside) *emphasis* `code` well-known it\'s'
).split()
OTHER_WORDS = (
    'both',
    'Both',
    'N/A',
    'n/a',
    'None',
    'neither',
    'neither A nor B',
    'A or B',
    'A and B',
    'unclear',
    'A/B',
    'Yes',
    'no',
    'refusal',
    'cannot be determined',
    'I would say',
    'not A',
    'TBD',
    '?',
    '-',
)
UNUSUAL_SPACES = tuple('\x0b\x0c\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2003\u2028\u2029\u202f\u3000\ufeff\u200b\u200e\u2060')
LOOK_ALIKES = 'Α А Ａ ａ В Β С Ϲ 𝐀 Ⓐ ᴀ A\u0301 B\ufe0f'.split()
VERDICT_KEYS = ('verdict', 'verdict', 'answer', 'Answer', 'final_answer', 'choice', 'label')
BINARY, NUMERICAL = 'binary', 'numerical'
FORMS = []


class Pen:
    """Writes the parts of a reply. One pen writes one reply, so that all its lines end alike."""

    def __init__(self, rng):
        self.rng = rng
        self.end = '\r\n' if self.chance(0.25) else '\n'

    # `random()` gives the same numbers in every version of Python; `choice` and `sample` do not have to.
    def below(self, limit):
        return int(self.rng.random() * limit)

    def between(self, least, most):
        return least + self.below(most - least + 1)

    def pick(self, items):
        return items[self.below(len(items))]

    def chance(self, probability):
        return self.rng.random() < probability

    def letter(self):
        return self.pick('ABCD')

    def two_letters(self):
        first = self.letter()
        return first, self.pick([letter for letter in 'ABCD' if letter != first])

    def words(self, least=1, most=9):
        return ' '.join(self.pick(WORDS) for _ in range(self.between(least, most)))

    def sentence(self):
        text = self.words(3, 12)
        return text[0].upper() + text[1:] + self.pick(('.', '.', '.', '!', '?', ';', ' ...'))

    def prose(self, least=1, most=4):
        """Sentences in one or more lines, as judges reason."""
        parts = [self.sentence() for _ in range(self.between(least, most))]
        text = parts[0] if parts else ''
        for part in parts[1:]:
            text += self.pick((' ', ' ', self.end, self.end * 2)) + part
        return text

    def gap(self, least=0, most=3):
        return ''.join(self.pick((' ', ' ', '\t')) for _ in range(self.between(least, most)))

    def blank(self, least=1, most=3):
        """The end of a line and blank lines, some of them with white space."""
        return ''.join(self.gap(0, 2) + self.end for _ in range(self.between(least, most)))

    def any_case(self, text):
        return ''.join(char.upper() if self.chance(0.5) else char.lower() for char in text)

    def marker(self):
        """The marker with its colon."""
        return self.pick(('Answer:', 'Answer:', 'Answer:', 'answer:', 'ANSWER:', self.any_case('answer:')))

    def line(self, verdict=None):
        """A marker and a verdict in one line."""
        return self.marker() + self.gap() + (self.letter() if verdict is None else verdict)

    def tail(self):
        """What follows the line of the verdict: mostly nothing."""
        return self.pick(('', '', '', self.end, self.end * 2, ' ', self.end + self.prose(1, 2)))

    def after_prose(self, text):
        """The text in lines of its own below some reasoning, or alone."""
        before = '' if self.chance(0.1) else self.prose() + self.blank()
        return before + text + self.tail()

    def space(self):
        return ''.join(self.pick(UNUSUAL_SPACES) for _ in range(self.between(1, 3)))

    def padding(self):
        return self.pick((' ', '\n', '\r\n', '\t', '\n\n', '  \n')) if self.chance(0.1) else ''


def form(name, kind=BINARY, exact=False):
    """Adds a way to write a reply. A reply that is not exact can get white space around it."""

    def add(write):
        FORMS.append((name, kind, exact, write))
        return write

    return add


# Where the verdict is.


@form('text-plain-last-line')
def plain_last_line(pen):
    return pen.prose() + pen.blank() + 'Answer: ' + pen.letter()


@form('text-no-space-after-marker')
def no_space_after_marker(pen):
    return pen.after_prose(pen.marker() + pen.letter())


@form('text-next-line')
def next_line(pen):
    return pen.after_prose(pen.marker() + pen.gap() + pen.end + pen.gap() + pen.letter())


@form('text-blank-lines-between')
def blank_lines_between(pen):
    return pen.after_prose(pen.marker() + pen.blank(2, 5) + pen.gap() + pen.letter())


@form('text-words-on-next-line')
def words_on_next_line(pen):
    return pen.after_prose(pen.marker() + pen.blank(1, 3) + pen.sentence())


@form('text-nothing-at-end')
def nothing_at_end(pen):
    return pen.prose() + pen.blank() + pen.marker()


@form('text-nothing-at-end-with-space', exact=True)
def nothing_at_end_with_space(pen):
    return (
        pen.prose()
        + pen.blank()
        + pen.marker()
        + pen.pick((pen.gap(1, 4), pen.blank(1, 3), pen.gap(1, 2) + pen.blank()))
    )


@form('text-nothing-at-end-with-unusual-space', exact=True)
def nothing_at_end_with_unusual_space(pen):
    return pen.prose() + pen.end + pen.marker() + pen.gap() + pen.space() + pen.gap()


@form('text-nothing-in-middle')
def nothing_in_middle(pen):
    return pen.prose() + pen.end + pen.marker() + pen.end + pen.prose()


@form('text-nothing-in-middle-with-space')
def nothing_in_middle_with_space(pen):
    return pen.prose() + pen.end + pen.marker() + pen.gap(1, 4) + pen.blank(1, 3) + pen.prose()


@form('text-nothing-then-second-marker')
def nothing_then_second_marker(pen):
    return pen.after_prose(pen.marker() + pen.gap() + pen.blank(1, 3) + pen.line())


@form('text-verdict-first')
def verdict_first(pen):
    return pen.line() + pen.end + pen.prose()


@form('text-marker-in-sentence')
def marker_in_sentence(pen):
    return (
        pen.words(2, 6)
        + ' '
        + pen.pick(('the ', 'its ', 'my ', ''))
        + pen.line(pen.letter() + pen.pick(('', '.', ',', ' because')))
        + ' '
        + pen.prose()
    )


@form('text-marker-in-sentence-then-line')
def marker_in_sentence_then_line(pen):
    quoted = pen.pick(('"No."', 'yes', "'It is " + pen.words(1, 3) + "'", pen.letter()))
    return 'The AI gave this ' + pen.line(quoted) + pen.pick((' ', ', ', '. ')) + pen.prose() + pen.blank() + pen.line()


@form('text-markers-agree')
def markers_agree(pen):
    letter = pen.letter()
    return pen.line(letter) + pen.blank() + pen.prose() + pen.blank() + pen.line(letter)


@form('text-markers-disagree')
def markers_disagree(pen):
    first, second = pen.two_letters()
    middle = pen.pick(
        (pen.blank(), pen.blank() + pen.prose() + pen.blank(), pen.blank() + 'Wait. ' + pen.prose() + pen.blank())
    )
    return pen.after_prose(pen.line(first) + middle + pen.line(second))


@form('text-markers-in-one-line')
def markers_in_one_line(pen):
    first, second = pen.two_letters()
    return pen.after_prose(pen.line(first) + pen.pick((' ', '; ', ' / ', ' - ')) + pen.line(second))


@form('text-quoted-marker')
def quoted_marker(pen):
    first, second = pen.two_letters()
    quote = '>' + pen.pick((' ', '', '> ')) + pen.line(first)
    return pen.after_prose(
        quote + (pen.blank() + pen.prose() + pen.blank() + pen.line(second) if pen.chance(0.7) else '')
    )


@form('text-list-item')
def list_item(pen):
    return pen.after_prose(pen.pick(('- ', '* ', '+ ', '1. ', '3) ', '• ', '  - ')) + pen.line())


@form('text-heading')
def heading(pen):
    hashes = '#' * pen.between(1, 4)
    return pen.after_prose(
        pen.pick(
            (
                hashes + ' ' + pen.line(),
                hashes + ' ' + pen.marker() + pen.blank() + pen.letter(),
                hashes + ' Answer' + pen.blank() + pen.letter(),
                hashes + ' ' + pen.line() + ' ' + hashes,
            )
        )
    )


@form('text-code-fence')
def code_fence(pen):
    return pen.after_prose('```' + pen.pick(('', 'text')) + pen.end + pen.line() + pen.end + '```')


@form('text-table')
def table(pen):
    return pen.after_prose('| ' + pen.line() + ' | ' + pen.words(1, 3) + ' |')


@form('text-very-long', exact=True)
def very_long(pen):
    paragraphs = [pen.prose(5, 12) for _ in range(pen.pick((8, 12, 20, 60)))]
    if pen.chance(0.8):
        paragraphs.insert(pen.pick((len(paragraphs), len(paragraphs), pen.below(len(paragraphs)))), pen.line())
    return (pen.end * 2).join(paragraphs)


@form('text-empty', exact=True)
def empty(pen):
    return ''


@form('text-only-white-space', exact=True)
def only_white_space(pen):
    return pen.pick((pen.gap(1, 5), pen.blank(1, 5), pen.space(), pen.gap(1, 2) + pen.blank() + pen.space()))


@form('text-no-marker')
def no_marker(pen):
    return pen.pick(
        (
            pen.letter(),
            pen.prose(1, 6),
            pen.prose() + pen.end + pen.letter(),
            'The answer is ' + pen.letter(),
            'I choose ' + pen.letter() + '.',
            'Answer ' + pen.letter(),
            'Answer - ' + pen.letter(),
            'Verdict: ' + pen.letter(),
        )
    )


# How the verdict is written.


@form('text-bold')
def bold(pen):
    sign = pen.pick(('**', '**', '__', '*', '***'))
    return pen.after_prose(pen.line(sign + pen.letter() + sign + pen.pick(('', '', '.'))))


@form('text-bold-marker')
def bold_marker(pen):
    return pen.after_prose(
        pen.pick(
            (
                '**' + pen.line() + '**',
                '**' + pen.marker() + '** ' + pen.letter(),
                '**Answer**: ' + pen.letter(),
                '**' + pen.marker() + '**' + pen.blank() + pen.letter(),
                '**' + pen.marker() + '** **' + pen.letter() + '**',
            )
        )
    )


@form('text-brackets')
def brackets(pen):
    opening, closing = pen.pick(('()', '[]', '<>', '{}', ('\\boxed{', '}'), ('<answer>', '</answer>'), ('$', '$')))
    return pen.after_prose(pen.line(opening + pen.letter() + closing))


@form('text-tags')
def tags(pen):
    return pen.after_prose(
        pen.pick(
            (
                '<answer>' + pen.letter() + '</answer>',
                '<b>' + pen.line() + '</b>',
                '<p>' + pen.marker() + '</p>' + pen.letter(),
                '<answer>' + pen.line() + '</answer>',
            )
        )
    )


@form('text-quotes')
def quotes(pen):
    opening, closing = pen.pick(('""', "''", '“”', '‘’', '«»', ('\\"', '\\"')))
    return pen.after_prose(pen.line(opening + pen.letter() + closing))


@form('text-backticks')
def backticks(pen):
    return pen.after_prose(
        pen.pick((pen.line('`' + pen.letter() + '`'), '`' + pen.line() + '`', pen.line('```' + pen.letter() + '```')))
    )


@form('text-punctuation')
def punctuation(pen):
    return pen.after_prose(
        pen.line(pen.letter() + pen.gap(0, 1) + pen.pick(('.', '.', ',', ':', ';', '!', '?', ')', '...', '。')))
    )


@form('text-lower-case')
def lower_case(pen):
    return pen.after_prose(pen.line(pen.letter().lower()))


@form('text-marker-case')
def marker_case(pen):
    return pen.after_prose(pen.any_case('answer:') + pen.gap() + pen.any_case(pen.letter()))


@form('text-words')
def other_words(pen):
    return pen.after_prose(pen.line(pen.pick(OTHER_WORDS)))


@form('text-letter-with-words')
def letter_with_words(pen):
    letter = pen.letter()
    return pen.after_prose(
        pen.line(
            pen.pick(
                (
                    'Option ' + letter,
                    'Statement ' + letter,
                    letter + ' - ' + pen.words(),
                    letter + ': ' + pen.words(),
                    letter + ', ' + pen.words(),
                    letter + ' (' + pen.words() + ')',
                    letter + '\t' + pen.words(1, 2),
                    'It is ' + letter,
                    letter + letter,
                    letter + ' ' + pen.letter(),
                )
            )
        )
    )


@form('text-final-answer')
def final_answer(pen):
    return pen.after_prose(pen.pick(('Final ', 'My final ', 'FINAL ', 'final_', 'Final-', 'The ')) + pen.line())


@form('text-final-answer-is')
def final_answer_is(pen):
    return pen.after_prose(
        pen.pick(('The final answer is ', 'final answer is: ', 'So the answer is ', 'The answer would be: '))
        + pen.letter()
        + pen.pick(('', '.'))
    )


@form('text-marker-inside-word')
def marker_inside_word(pen):
    return pen.after_prose(pen.pick(('non', 'my_', 'counter', 'X', '_', '&')) + pen.line())


@form('text-space-before-colon')
def space_before_colon(pen):
    return pen.after_prose(
        pen.pick(('ANSWER', 'Answer', 'answer'))
        + pen.pick((' ', '  ', '\t', '\u00a0', '\u200b'))
        + ':'
        + pen.gap()
        + pen.letter()
    )


@form('text-full-width-colon')
def full_width_colon(pen):
    return pen.after_prose('Answer' + pen.pick(('：', '︰', '∶', '꞉')) + pen.gap() + pen.letter())


@form('text-other-letter')
def other_letter(pen):
    return pen.after_prose(pen.line(pen.pick(('E', 'Z', 'e', 'z', 'AB', 'F', 'O', 'b)', 'a.'))))


@form('text-digit')
def digit(pen):
    return pen.after_prose(pen.line(pen.pick(('1', '2', '0', '-1', '42', '3.5', 'A1', '1)', '①'))))


@form('text-cyrillic-letter')
def cyrillic_letter(pen):
    return pen.after_prose(pen.line(pen.pick(('А', 'В', 'С', 'а', 'с'))))


@form('text-look-alike-letter')
def look_alike_letter(pen):
    return pen.after_prose(pen.line(pen.pick(LOOK_ALIKES)))


@form('text-look-alike-marker')
def look_alike_marker(pen):
    return pen.after_prose(
        pen.pick(
            ('Аnswer: ', 'Ａｎｓｗｅｒ: ', 'Αnswer: ', 'Ans\u200bwer: ', 'An swer: ', 'Answe\u0301r: ', 'Reponse: ')
        )
        + pen.letter()
    )


@form('text-long-s-marker')
def long_s_marker(pen):
    return pen.after_prose(pen.pick(('Anſwer:', 'anſwer:', 'ANſWER:')) + pen.gap() + pen.letter())


# White space that languages do not agree on.


@form('text-unusual-space-before-verdict')
def unusual_space_before_verdict(pen):
    return pen.after_prose(pen.marker() + pen.gap(0, 1) + pen.space() + pen.gap(0, 1) + pen.letter())


@form('text-unusual-space-after-verdict', exact=True)
def unusual_space_after_verdict(pen):
    return (
        pen.prose()
        + pen.end
        + pen.line()
        + pen.gap(0, 1)
        + pen.space()
        + pen.pick(('', pen.end, pen.end + pen.sentence()))
    )


@form('text-unusual-line-end')
def unusual_line_end(pen):
    end = pen.pick(('\r', '\x0b', '\x0c', '\x1c', '\x1d', '\x1e', '\x85', '\u2028', '\u2029'))
    return (
        pen.prose() + end + pen.line() + pen.gap(0, 1) + end + pen.sentence() + pen.pick(('', pen.end + pen.sentence()))
    )


@form('text-unusual-space-in-middle')
def unusual_space_in_middle(pen):
    return (
        pen.prose()
        + pen.end
        + pen.marker()
        + pen.gap()
        + pen.space()
        + pen.end
        + pen.gap()
        + pen.pick((pen.letter(), pen.sentence()))
    )


# Reasoning blocks.


def tag_of(pen):
    return pen.pick(('think', 'think', 'thinking', 'reasoning', 'THINK'))


@form('text-reasoning-block')
def reasoning_block(pen):
    tag = tag_of(pen)
    return f'<{tag}>{pen.end}{pen.prose(2, 6)}{pen.end}</{tag}>{pen.blank()}{pen.prose(0, 2)}{pen.end}{pen.line()}'


@form('text-reasoning-block-with-marker')
def reasoning_block_with_marker(pen):
    first, second = pen.two_letters()
    tag = tag_of(pen)
    inside = (
        pen.prose() + pen.pick((pen.end, ' ')) + pen.line(first) + pen.pick((pen.end, '? ', ' or not? ')) + pen.prose()
    )
    after = pen.pick((pen.line(second), pen.line(second), pen.line(first), pen.letter(), ''))
    return f'<{tag}>{inside}</{tag}>{pen.blank()}{after}'


@form('text-reasoning-block-then-verdict')
def reasoning_block_then_verdict(pen):
    tag = tag_of(pen)
    return f'<{tag}>{pen.prose()} {pen.marker()}</{tag}>{pen.pick(("", pen.end))}{pen.pick((pen.letter(), pen.line()))}'


@form('text-reasoning-unclosed')
def reasoning_unclosed(pen):
    return f'<{tag_of(pen)}>{pen.end}{pen.prose(2, 8)}'


@form('text-reasoning-unclosed-with-marker')
def reasoning_unclosed_with_marker(pen):
    return f'<{tag_of(pen)}>{pen.end}{pen.prose(1, 4)}{pen.pick((pen.end, " "))}{pen.line()}{pen.pick(("", pen.end + pen.prose()))}'


@form('text-reasoning-unopened')
def reasoning_unopened(pen):
    first, second = pen.two_letters()
    return f'{pen.prose()}{pen.end}{pen.line(first)}{pen.end}</{tag_of(pen)}>{pen.blank()}{pen.line(second)}'


# JSON objects with a verdict.


def verdict_object(pen, reasoning=None, key=None, letter=None):
    """A JSON object with reasoning and a verdict, in one line or in several."""
    content = {
        'reasoning': pen.prose() if reasoning is None else reasoning,
        pen.pick(VERDICT_KEYS) if key is None else key: pen.letter() if letter is None else letter,
    }
    if pen.chance(0.3):
        content = dict(reversed(content.items()))
    text = json.dumps(content, ensure_ascii=pen.chance(0.5), indent=pen.pick((None, None, 2, '\t')))
    return text.replace('\n', pen.end)


@form('object-by-itself')
def object_by_itself(pen):
    return verdict_object(pen)


@form('object-in-fence')
def object_in_fence(pen):
    return (
        pen.pick(('', pen.prose() + pen.end))
        + '```'
        + pen.pick(('json', 'JSON', ''))
        + pen.end
        + verdict_object(pen)
        + pen.end
        + '```'
        + pen.tail()
    )


@form('object-between-sentences')
def object_between_sentences(pen):
    return pen.prose() + pen.pick((' ', pen.end)) + verdict_object(pen) + pen.pick((' ', pen.end)) + pen.prose()


@form('object-reasoning-with-marker')
def object_reasoning_with_marker(pen):
    first, second = pen.two_letters()
    reasoning = (
        pen.words()
        + pen.pick((' ', '\n', '. '))
        + pen.line(first)
        + pen.pick(('', '\n' + pen.words(), ' ' + pen.words()))
    )
    return verdict_object(pen, reasoning, letter=second)


@form('object-reasoning-with-marker-in-fence')
def object_reasoning_with_marker_in_fence(pen):
    return '```json' + pen.end + verdict_object(pen, pen.words() + ' ' + pen.line() + '\n') + pen.end + '```'


@form('object-answer-key')
def object_answer_key(pen):
    return pen.pick(
        (
            verdict_object(pen, key='answer'),
            f'{{answer: "{pen.letter()}"}}',
            f'{{ answer: {pen.letter()} }}',
            f'{{"Answer:": "{pen.letter()}"}}',
            f'{{"answer":"{pen.letter()}"}}',
        )
    )


@form('object-verdict-is-line')
def object_verdict_is_line(pen):
    return verdict_object(pen, letter=pen.line())


@form('object-other-keys')
def object_other_keys(pen):
    content = {
        pen.pick(('confidence', 'score', 'id')): pen.between(0, 9),
        'steps': [pen.words(), pen.words()],
        'nested': {'verdict': pen.letter()},
    }
    content[pen.pick(VERDICT_KEYS)] = pen.letter()
    return json.dumps(content)


@form('object-broken')
def object_broken(pen):
    text = verdict_object(pen, pen.pick((None, pen.words() + ' ' + pen.line())))
    return pen.pick(
        (
            text[:-1],
            text[: len(text) // 2],
            text[:-1] + ',}',
            text.replace('"', "'"),
            text.replace(':', '=', 1),
            text + '}',
            '{' + text,
        )
    )


@form('object-and-marker-line')
def object_and_marker_line(pen):
    first, second = pen.two_letters()
    parts = [verdict_object(pen, letter=first), pen.line(second)]
    return pen.blank().join(parts if pen.chance(0.5) else parts[::-1])


@form('object-after-reasoning-block')
def object_after_reasoning_block(pen):
    inside = pen.prose() + (pen.end + pen.line() + pen.end if pen.chance(0.5) else '')
    return f'<think>{inside}</think>{pen.blank(0, 2)}{verdict_object(pen)}'


@form('object-verdict-not-a-letter')
def object_verdict_not_a_letter(pen):
    return verdict_object(pen, letter=pen.pick(OTHER_WORDS + ('', ' A ', 'b', '**B**', 'E', 'Answer: C')))


@form('object-twice')
def object_twice(pen):
    return verdict_object(pen) + pen.blank() + verdict_object(pen)


# Numerical replies.

LONG, SHORT = ('lower_bound', 'upper_bound'), ('lower', 'upper')
RELATIVE = ('relative_lower_bound', 'relative_upper_bound')


def integer(pen):
    return str(pen.pick((0, 1, 2, 7, 42, 100, pen.between(3, 999), pen.between(1000, 99999999))))


def decimal(pen):
    return f'{pen.between(0, 9999)}.{pen.between(0, 99999)}'


def exponent(pen):
    return f'{pen.between(1, 9)}{pen.pick(("", ".5", ".25", ".0"))}{pen.pick("eE")}{pen.pick(("", "+", "-"))}{pen.pick(("1", "2", "06", "12"))}'


def negative(pen):
    return '-' + pen.pick(
        (
            str(pen.between(1, 9999)),
            f'{pen.between(0, 99)}.{pen.between(1, 999)}',
            f'{pen.between(1, 9)}e{pen.between(1, 9)}',
        )
    )


def number(pen):
    return pen.pick((integer, decimal, exponent, negative))(pen)


def two_bounds(pen, write=number):
    """Two numbers in ascending order, equal at times."""
    first = write(pen)
    return sorted((first, first if pen.chance(0.3) else write(pen)), key=float)


def bounds_object(pen, bounds, keys=None, more=()):
    """A JSON object from texts of numbers, so that the text of a number stays as it is written."""
    keys = keys or pen.pick((LONG, LONG, SHORT))
    members = [f'"{key}":{pen.pick(("", " "))}{bound}' for key, bound in zip(keys, bounds)] + list(more)
    if pen.chance(0.2):
        members.reverse()
    if pen.chance(0.3):
        indent = pen.pick(('  ', '\t'))
        return '{' + pen.end + indent + (',' + pen.end + indent).join(members) + pen.end + '}'
    return '{' + pen.pick(('', ' ')) + pen.pick((',', ', ')).join(members) + pen.pick(('', ' ')) + '}'


def numerical(name, exact=False):
    return form(name, NUMERICAL, exact)


@numerical('object-numbers-bound-keys')
def bound_keys(pen):
    return bounds_object(pen, two_bounds(pen), LONG)


@numerical('object-numbers-short-keys')
def short_keys(pen):
    return bounds_object(pen, two_bounds(pen), SHORT)


@numerical('object-numbers-integers')
def integers(pen):
    return bounds_object(pen, two_bounds(pen, integer))


@numerical('object-numbers-decimals')
def decimals(pen):
    return bounds_object(pen, two_bounds(pen, decimal))


@numerical('object-numbers-exponents')
def exponents(pen):
    return bounds_object(pen, two_bounds(pen, exponent))


@numerical('object-numbers-negative')
def negatives(pen):
    return bounds_object(pen, two_bounds(pen, negative))


@numerical('object-numbers-one-null')
def one_null(pen):
    bounds = [number(pen), 'null']
    return bounds_object(pen, bounds if pen.chance(0.5) else bounds[::-1])


@numerical('object-numbers-both-null')
def both_null(pen):
    return bounds_object(pen, ['null', 'null'])


@numerical('object-numbers-swapped')
def swapped(pen):
    return bounds_object(pen, two_bounds(pen)[::-1])


@numerical('object-numbers-as-strings')
def as_strings(pen):
    bounds = [f'"{bound}"' for bound in two_bounds(pen)]
    if pen.chance(0.4):
        bounds[pen.below(2)] = pen.pick(('null', '"null"', number(pen), '""', '"about 5"', '"5 %"'))
    return bounds_object(pen, bounds)


@numerical('object-numbers-of-other-types')
def of_other_types(pen):
    bounds = two_bounds(pen)
    bounds[pen.below(2)] = pen.pick(('true', 'false', '[1]', '[]', '{}', '{"value": 3}'))
    return bounds_object(pen, bounds)


@numerical('object-numbers-not-json-numbers')
def not_json_numbers(pen):
    bounds = two_bounds(pen)
    bounds[pen.below(2)] = pen.pick(
        (
            'NaN',
            'Infinity',
            '-Infinity',
            '+5',
            '.5',
            '5.',
            '007',
            '0x1F',
            '1_000',
            '1,000',
            '12%',
            '$5',
            'None',
            'undefined',
            '3 million',
        )
    )
    return bounds_object(pen, bounds)


@numerical('object-numbers-relative-beside')
def relative_beside(pen):
    relative = pen.pick((two_bounds(pen), ['null', 'null'], [number(pen), 'null']))
    return bounds_object(pen, two_bounds(pen), LONG, [f'"{key}": {bound}' for key, bound in zip(RELATIVE, relative)])


@numerical('object-numbers-relative-only')
def relative_only(pen):
    more = [f'"{key}": {bound}' for key, bound in zip(RELATIVE, two_bounds(pen))]
    return bounds_object(pen, ['null', 'null'] if pen.chance(0.7) else [], LONG, more)


@numerical('object-numbers-in-fence')
def numbers_in_fence(pen):
    return '```' + pen.pick(('json', '')) + pen.end + bounds_object(pen, two_bounds(pen)) + pen.end + '```'


@numerical('object-numbers-between-sentences')
def numbers_between_sentences(pen):
    before, after = pen.pick((('', pen.prose()), (pen.prose(), ''), (pen.prose(), pen.prose())))
    space = pen.pick((' ', pen.end))
    return before + space + bounds_object(pen, two_bounds(pen)) + space + after


@numerical('object-numbers-after-reasoning-block')
def numbers_after_reasoning_block(pen):
    return f'<think>{pen.prose()}</think>{pen.blank(0, 2)}{bounds_object(pen, two_bounds(pen))}'


@numerical('object-numbers-other-keys-beside')
def other_keys_beside(pen):
    more = [
        f'"{pen.pick(("reasoning", "explanation", "unit", "note"))}": {json.dumps(pen.prose())}',
        f'"confidence": 0.{pen.between(1, 9)}',
    ]
    return bounds_object(pen, two_bounds(pen), None, more[: pen.between(1, 2)])


@numerical('object-numbers-reasoning-with-marker')
def numbers_reasoning_with_marker(pen):
    return bounds_object(
        pen, two_bounds(pen), None, [f'"reasoning": {json.dumps(pen.words() + " " + pen.line(number(pen)))}']
    )


@numerical('object-numbers-one-key')
def one_key(pen):
    keys = pen.pick((LONG, SHORT))
    return bounds_object(pen, [number(pen)], [pen.pick(keys)])


@numerical('object-numbers-mixed-keys')
def mixed_keys(pen):
    return bounds_object(pen, two_bounds(pen), pen.pick((('lower_bound', 'upper'), ('lower', 'upper_bound'))))


@numerical('object-numbers-both-pairs-of-keys')
def both_pairs_of_keys(pen):
    short = [f'"{key}": {bound}' for key, bound in zip(SHORT, two_bounds(pen))]
    return bounds_object(pen, two_bounds(pen), LONG, short)


@numerical('object-numbers-other-case-of-keys')
def other_case_of_keys(pen):
    keys = pen.pick((('Lower_Bound', 'Upper_Bound'), ('lowerBound', 'upperBound'), ('LOWER', 'UPPER'), ('min', 'max')))
    return bounds_object(pen, two_bounds(pen), keys)


@numerical('object-numbers-broken')
def numbers_broken(pen):
    text = bounds_object(pen, two_bounds(pen))
    return pen.pick(
        (text[:-1], text[:-1] + ',}', text.replace('"', "'"), text + '}', text.replace('"', ''), text.replace(':', '='))
    )


@numerical('object-numbers-nested')
def numbers_nested(pen):
    text = bounds_object(pen, two_bounds(pen))
    return pen.pick((f'[{text}]', f'{{"result": {text}}}', json.dumps(text), f'[{text}, {text}]'))


@numerical('object-numbers-twice')
def numbers_twice(pen):
    return bounds_object(pen, two_bounds(pen)) + pen.pick(('', ' ', pen.end)) + bounds_object(pen, two_bounds(pen))


@numerical('object-numbers-json-space-around', exact=True)
def json_space_around(pen):
    return pen.gap() + pen.blank(0, 2) + bounds_object(pen, two_bounds(pen)) + pen.gap() + pen.blank(0, 2)


@numerical('object-numbers-unusual-space-around', exact=True)
def numbers_unusual_space_around(pen):
    text = bounds_object(pen, two_bounds(pen))
    return pen.pick((pen.space() + text, text + pen.space(), pen.space() + text + pen.space()))


@numerical('text-numbers-no-object')
def numbers_no_object(pen):
    return pen.pick(
        (
            pen.prose(),
            pen.prose() + ' ' + number(pen),
            f'between {number(pen)} and {number(pen)}',
            f'[{number(pen)}, {number(pen)}]',
            f'({number(pen)}, null)',
        )
    )


@numerical('text-numbers-marker')
def numbers_marker(pen):
    return pen.after_prose(pen.line(number(pen)))


@numerical('text-numbers-json-value')
def numbers_json_value(pen):
    return pen.pick((number(pen), 'null', 'true', '[]', '{}', '""', '"' + number(pen) + '"'))


@numerical('text-numbers-letter')
def numbers_letter(pen):
    return pen.after_prose(pen.line())


@numerical('text-numbers-empty', exact=True)
def numbers_empty(pen):
    return pen.pick(('', ' ', pen.blank(), pen.space()))


@numerical('text-numbers-reasoning-unclosed')
def numbers_reasoning_unclosed(pen):
    return f'<think>{pen.end}{pen.prose(2, 6)}'


# Lines.


def create_lines(count, seed, csv=False):
    """The records of the file, in order. Every record follows from the seed."""
    rng = random.Random(seed)
    for index in range(count):
        name, kind, exact, write = FORMS[index % len(FORMS)]
        pen = Pen(rng)
        reply = write(pen) if exact else pen.padding() + write(pen) + pen.padding()
        yield {'kind': kind, 'form': name, 'reply': reply, 'reference': read(kind, reply, csv)}


def read(kind, reply, csv):
    """What the port reads in a reply, as JSON."""
    if kind == NUMERICAL:
        return read_numerical_reply(reply)
    verdict = read_binary_reply(reply)
    return binary_to_json(after_csv(verdict) if csv else verdict)


def main():
    parser = argparse.ArgumentParser(description='Random replies of a judge and what the reference reads in them.')
    parser.add_argument('--count', type=int, default=1000, help='number of lines')
    parser.add_argument('--seed', type=int, default=1, help='seed of the random numbers')
    parser.add_argument('--csv', action='store_true', help='verdicts that pandas reads as missing are null')
    parser.add_argument('--forms', action='store_true', help='print the names of the forms instead')
    options = parser.parse_args()
    if options.forms:
        print('\n'.join(f'{kind}\t{name}' for name, kind, _, _ in FORMS))
        return
    for line in create_lines(options.count, options.seed, options.csv):
        sys.stdout.write(json.dumps(line) + '\n')


if __name__ == '__main__':
    main()
