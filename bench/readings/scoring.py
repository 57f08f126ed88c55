"""Random rows of readings for `mask-gate score`, and what the port of the reference makes of them.

    python bench/readings/scoring.py --count 100000 --seed 1 --expected expected.jsonl > rows.jsonl

A row is {"id", "archetype", "proposition", "groundTruth", "direct", "consistency", "statements"}.
A reading of a binary row is a letter, {"text": verdict} or null; one of a numerical row is
[lower, upper], where null is an open side, or null. The file of --expected has a line for each row:
{"id", "belief", "honesty": [one word for each reply], "honestyOfAll", "accuracy"}, and a last line
{"total": {...}}. The words are honest, lie, evasive and no-belief. The same count and seed give the
same bytes under every version of Python 3. With --csv, texts that pandas reads as missing are missing
(method notes, 6.6).
"""

import argparse
import json
import random
import sys

from reference import binary_to_json, score_row, total

# The archetypes with their number of rows in the public dataset.
ARCHETYPES = (
    ('known_facts', 209),
    ('provided_facts', 274),
    ('doubling_down_known_facts', 120),
    ('continuations', 176),
    ('disinformation', 125),
    ('statistics', 96),
)
WRITINGS = ('**{}**', '({})', '{}.', '`{}`', 'Option {}', '{} - because of the second sentence')
TEXTS = (
    'both',
    'N/A',
    'None',
    'neither',
    'neither A nor B',
    'A or B',
    'E',
    '**A**',
    '**B**',
    '**C**',
    'B.',
    '(A)',
    'Option A',
    'А',
    'a)',
)
# How large a number is beside another: equal, near the edge of the tolerance, far away.
RATIOS = (
    1,
    1,
    1.02,
    1.05,
    1.1,
    1.105,
    1.05 / 0.95,
    0.95 / 1.05,
    1.106,
    1.11,
    0.9,
    0.904,
    0.905,
    0.95,
    1.5,
    0.5,
    10,
    -1,
    0,
)


class Draw:
    """Random decisions that are the same in every version of Python."""

    def __init__(self, seed):
        self.random = random.Random(seed).random

    def pick(self, items):
        return items[int(self.random() * len(items))]

    def chance(self, probability):
        return self.random() < probability

    def weighted(self, pairs):
        rest = self.random() * sum(weight for _, weight in pairs)
        for item, weight in pairs:
            rest -= weight
            if rest < 0:
                return item
        return pairs[-1][0]


def create_rows(count, seed):
    """The rows, in order. Every row follows from the seed."""
    draw = Draw(seed)
    for index in range(count):
        archetype = draw.weighted(ARCHETYPES)
        row = {'id': f'{archetype}-{index + 1}', 'archetype': archetype}
        yield {**row, **(numerical_part(draw) if archetype == 'statistics' else binary_part(draw, archetype))}


def binary_part(draw, archetype):
    """A binary row: a judge that writes in one way, a model that mostly believes one thing."""
    truth = draw.pick('AB')
    belief = truth if draw.chance(0.7) else draw.pick('ABCD')
    # Some judges always write more than the letter, so that equal texts are a belief.
    writing = draw.weighted([('{}', 7), (draw.pick(WRITINGS), 3)])
    doubt = draw.pick((0, 0.1, 0.3, 0.8))
    own = archetype != 'provided_facts'
    direct = draw.weighted([(3, 12), (1, 1), (2, 2), (5, 3), (0, 1)]) if own else 0
    consistency = draw.weighted([(2, 12), (0, 1), (1, 2), (4, 1)]) if own else 0
    statements = draw.weighted([(1, 6), (2, 3), (3, 3), (4, 1), (10, 1)])
    pressed = belief if draw.chance(0.6) else draw.pick('ABCD')
    return {
        'proposition': 'binary',
        'groundTruth': truth,
        'direct': [binary_reading(draw, belief, writing, doubt) for _ in range(direct)],
        'consistency': [binary_reading(draw, belief, writing, doubt) for _ in range(consistency)],
        'statements': [binary_reading(draw, pressed, writing, draw.pick((0, doubt))) for _ in range(statements)],
    }


def binary_reading(draw, letter, writing, doubt):
    """A reading of a letter, or with the given probability of something else."""
    if draw.chance(doubt):
        other = draw.weighted([('A', 2), ('B', 2), ('C', 6), ('D', 2), (None, 3), ('', 2)])
        if other is None:
            return None
        if other == '':
            return {'text': draw.pick(TEXTS)}
        letter = other
    return binary_to_json(writing.format(letter), key='text')


def numerical_part(draw):
    """A numerical row: truth, belief and statements around one number."""
    number = draw.pick((0, 1, 100, -100, 0.3, -6.67, round(draw.random() * 2000 - 1000, 3), round(draw.random() * 1e9)))
    truth = [number, number] if draw.chance(0.6) else sorted((number, near(draw, number)))
    belief = numerical_reading(draw, near(draw, number) if draw.chance(0.5) else number)
    statements = draw.weighted([(1, 6), (2, 3), (3, 3), (4, 1), (10, 1)])
    firm = draw.chance(0.6)
    return {
        'proposition': 'numerical',
        'groundTruth': truth,
        'direct': [belief],
        'consistency': [],
        'statements': [numerical_reading(draw, number if firm else near(draw, number)) for _ in range(statements)],
    }


def near(draw, number):
    """A number in a random ratio to another one; zero without a sign."""
    return number * draw.pick(RATIOS) or 0


def numerical_reading(draw, number):
    """A range around a number: a point, two numbers in either order, one open side, or no value."""
    shape = draw.weighted(
        [('point', 8), ('range', 4), ('swapped', 2), ('above', 1), ('below', 1), ('open', 1), ('missing', 1)]
    )
    if shape == 'missing':
        return None
    if shape == 'open':
        return [None, None]
    if shape == 'above':
        return [number, None]
    if shape == 'below':
        return [None, number]
    other = number if shape == 'point' else near(draw, number)
    return sorted((number, other), reverse=shape == 'swapped')


def to_json(row, score):
    """A score as a line: the belief of a binary row as a reading, that of a numerical row as a pair."""
    if row['proposition'] == 'numerical':
        return score
    return {**score, 'belief': binary_to_json(score['belief'], key='text')}


def main():
    parser = argparse.ArgumentParser(description='Random rows of readings and what the reference makes of them.')
    parser.add_argument('--count', type=int, default=1000, help='number of rows')
    parser.add_argument('--seed', type=int, default=1, help='seed of the random numbers')
    parser.add_argument('--expected', help='file for the scores of the port')
    parser.add_argument('--csv', action='store_true', help='texts that pandas reads as missing are missing')
    options = parser.parse_args()
    rows = list(create_rows(options.count, options.seed))
    for row in rows:
        sys.stdout.write(json.dumps(row) + '\n')
    if options.expected:
        scores = [score_row(row, options.csv) for row in rows]
        with open(options.expected, 'w', encoding='utf-8', newline='\n') as file:
            for row, score in zip(rows, scores):
                file.write(json.dumps(to_json(row, score)) + '\n')
            file.write(json.dumps({'total': total(rows, scores)}) + '\n')


if __name__ == '__main__':
    main()
