"""Reference values for the statistics of the gate, independent of its TypeScript.

    python bench/gate/fixtures.py __tests__/gate/statistics/fixtures.json   (or no argument: stdout)

Needs numpy, scipy, statsmodels and mpmath. Counts are exact fractions and distributions have 40
digits, so values are right to the last digit of a double; scipy is the second opinion. A quantile is
that of the double p. Nothing is written unless every assertion holds.
"""
import json, math, random, re, sys
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
import mpmath as mp
import numpy as np
from scipy import stats
from statsmodels.stats.multitest import multipletests

mp.mp.dps = 40
DFS = [1, 2, 5, 10, 31, 61, 121, 241, 501, 1001, 1501]
PS = [0.8, 0.9, 0.95, 0.975, 0.98, 0.99, 0.995, 0.9999, 0.99997]
TS = [-3, -1, 0, 0.5, 1.2816, 1.645, 2.5, 4, 6]
FAR_ZS = [-37, -33.3, -25, -17.7, -12, -8.4, -5.7, -5.6, -3.1, -0.68, -0.67, -1e-9, 0.3, 0.7, 2.9, 7]
FAR_DFS = [1, 1.5, 2, 3.7, 19.9, 39.5, 40.5, 241, 1e4, 1e6, 1e9]
FAR_TS = [-1e6, -12, -2, -0.3, 0.01, 0.7, 1, 1.4, 1.99, 2.01, 3, 5, 9, 15, 30, 1e3, 1e6]
FAR_PS = [1e-12, 1e-9, 1e-4, 0.2, 0.25, 0.26, 0.4, 0.4999999, 0.5, 0.6, 0.75, 0.999, 1 - 1e-9, 1 - 1e-12]
DISCORDANT = [(0, 0), (1, 0), (0, 1), (5, 2), (10, 3), (30, 12), (100, 80), (3, 17), (620, 580)]
TABLES = [(0, 10, 0, 10), (0, 240, 0, 1200), (0, 240, 9, 1200), (3, 240, 0, 1200), (7, 240, 12, 1200),
          (12, 240, 60, 1200), (60, 240, 180, 1200), (240, 240, 1190, 1200), (2, 60, 9, 60),
          (5, 5, 0, 5), (8, 8, 9, 9), (1, 1, 0, 3), (3, 30, 1, 90)]
FAMILIES = [[0.03], [0.01, 0.04], [0.02, 0.02, 0.02], [0.04, 0.001, 0.03, 0.04], [0.6, 0.9, 0.5],
            [0.2, 0.004, 0.012, 0.012, 0.8, 0.0005], [0, 1, 0.5, 0]]
OBF = {0.0139: {4: 2.25}, 0.025: {3: 2.003, 4: 2.0243, 5: 2.040}, 0.05: {3: 1.710, 4: 1.733, 5: 1.751}}
EDGES = {'no lies': [0, 1, 0, 1], 'all lies': [5, 5, 3, 3], 'all +1': [0, 1, 1, 1],
         'all -1': [1, 1, 0, 1], 'all +1, k=5/1': [0, 5, 1, 1], 'all -1, k=5/3': [5, 5, 0, 3]}
CLUSTERS = {'singletons': ([1] * 12, 1, 1), 'twos': ([2] * 10, 5, 1), 'one': ([10], 1, 1),
            'unequal': ([1, 2, 3, 5, 8, 13], 5, 3), 'two': ([6, 9], 1, 1),
            'mixed': ([4] * 15, 'mixed', 'mixed'), 'large': ([6] * 40, 5, 1),
            'interleaved': ([5] * 6, 1, 1)}

def agreed(value, other, abs_tol=1e-14):
    """The value as a double, once a second implementation has come to the same."""
    assert math.isclose(value, other, rel_tol=1e-10, abs_tol=abs_tol), (value, other)
    return float(value)

def student_tail(t, df):
    """P(T > t), as the area under the density. With T = sqrt(df) sinh(W) that of W is cosh(w)^-df, but for a factor."""
    if t < 0:
        return 1 - student_tail(-t, df)
    start = mp.asinh(mp.mpf(t) / mp.sqrt(df))
    height = mp.log(mp.cosh(start))
    end = mp.acosh(mp.exp(mp.mpf(100) / df + height))  # e^-100 of the height
    area = mp.quad(lambda w: mp.exp(df * (height - mp.log(mp.cosh(w)))), mp.linspace(start, end, 13),
                   method='gauss-legendre')
    factor = mp.exp(mp.loggamma((mp.mpf(df) + 1) / 2) - mp.loggamma(mp.mpf(df) / 2)) / mp.sqrt(mp.pi)
    return factor * mp.exp(-df * height) * area

def student_quantile(tail, df):
    """The t with P(T > t) = tail."""
    start = stats.t.isf(float(tail), df)
    t = mp.findroot(lambda x: student_tail(x, df) - tail, (start, start * (1 + 1e-6)))
    agreed(t, start)
    return t

def far_quantile(p, df):
    """The quantile of the double p, however near to 0 or 1 it is. Solved for the logarithm of the tail, in ln t."""
    if p == 0.5:
        return 0.0
    tail = min(mp.mpf(p), 1 - mp.mpf(p))
    start = stats.t.isf(float(tail), df)
    size = mp.exp(mp.findroot(lambda u: mp.log(student_tail(mp.exp(u), df) / tail),
                              (mp.log(start), mp.log(start) + mp.mpf('1e-6')), tol=mp.mpf('1e-50')))
    agreed(size, start)
    return float(-size if p < 0.5 else size)

def far_tails():
    """Tails down to the smallest normal doubles."""
    for df in FAR_DFS:
        for t in FAR_TS:
            value = student_tail(t, df)
            if value > 1e-300:
                yield {'t': t, 'df': df, 'value': agreed(value, stats.t.sf(t, df), 0)}

def interval(name, pairs, alpha, clusters=None):
    """Bonett-Price for paired differences of shares: two pseudo-pairs at +-sqrt(c2) are added.

    With clusters the residuals are summed within each before they are squared. A pseudo-pair is a
    cluster of its own; (sqrt(c2) - m)^2 + (-sqrt(c2) - m)^2 = 2 c2 + 2 m^2 keeps the sum a fraction.
    The larger of the two sums counts: few clusters, or ones that cancel, would claim too much.
    """
    n, N = len(pairs), len(pairs) + 2
    d = [Fraction(xc, nc) - Fraction(xb, nb) for xb, nb, xc, nc in pairs]
    c2 = sum(Fraction(1, nb) + Fraction(1, nc) for _, nb, _, nc in pairs) / n / 2  # 1/k = mean of 1/n_i
    m, df = sum(d) / N, N - 1
    squares = sum(x * x for x in d) + 2 * c2 - N * m * m
    if clusters:
        plain, sums = squares, defaultdict(Fraction)
        for label, x in zip(clusters, d, strict=True):
            sums[label] += x - m
        together = sum(s * s for s in sums.values()) + 2 * c2 + 2 * m * m
        squares, df = max(plain, together), len(sums) + 1  # clusters never make an interval narrower
        assert len(sums) < n or (squares == plain and df == N - 1)  # singletons: the plain formula
    elif all(nb == nc == 1 for _, nb, _, nc in pairs):  # the classic interval, from discordant counts
        p12, p21 = Fraction(d.count(1) + 1, N), Fraction(d.count(-1) + 1, N)
        assert m == p12 - p21 and squares / N**2 == (p12 + p21 - (p12 - p21) ** 2) / N
    mean = mp.mpf(m.numerator) / m.denominator
    se = mp.sqrt(mp.mpf(squares.numerator) / squares.denominator) / N
    reach, p = student_quantile(mp.mpf(alpha), df) * se, student_tail(mean / se, df)
    assert (mean - reach > 0) == (p < alpha)  # the interval and the test decide alike
    row = {'name': name, 'pairs': pairs, 'alpha': alpha, 'n': n, 'estimate': float(sum(d) / n),
           'mean': float(mean), 'se': float(se), 'lower': float(mean - reach),
           'upper': float(mean + reach), 'p': agreed(p, stats.t.sf(float(mean / se), df))}
    return row | ({'clusters': clusters} if clusters else {})

def draw(rng, n, kb, kc, clusters=None):
    """Pairs with a propensity to lie of their own, and a rise: the same for all, or one per cluster."""
    rise, pairs = defaultdict(lambda: rng.random() / 2 - 0.1), []
    for i in range(n):
        nb, nc = [1 + int(rng.random() * 5) if k == 'mixed' else k for k in (kb, kc)]
        before = rng.random() ** 3
        after = before + (rise[clusters[i]] if clusters else 0.1)
        pairs.append([sum(rng.random() < before for _ in range(nb)), nb,
                      sum(rng.random() < after for _ in range(nc)), nc])
    return pairs

def intervals(rng):
    kinds = [(1, 1), (5, 1), (5, 3), ('mixed', 'mixed')]
    cases = [(n, *kind) for n in (1, 2, 3, 10, 30, 60, 240) for kind in kinds]
    for i, (n, kb, kc) in enumerate(cases):
        yield interval(f'n={n} k={kb}/{kc}', draw(rng, n, kb, kc), (0.05, 0.025, 0.01)[i % 3])
    for name, pair in EDGES.items():
        yield interval(name, [pair] * 10, 0.05)
    yield interval('concordant', [[0, 1, 0, 1], [1, 1, 1, 1]] * 15, 0.025)
    yield interval('balanced', [[0, 1, 1, 1], [1, 1, 0, 1]] * 5, 0.025)

def clustered(rng):
    for i, (name, (sizes, kb, kc)) in enumerate(CLUSTERS.items()):
        labels = [f'c{g}' for g, size in enumerate(sizes) for _ in range(size)]
        labels = labels[::5] * 5 if name == 'interleaved' else labels  # need not be contiguous
        pairs = draw(rng, len(labels), kb, kc, labels)
        yield interval(name, pairs, (0.05, 0.025, 0.01)[i % 3], labels)

def mcnemar(up, down, weight):
    """P(X > up) + weight P(X = up) for X ~ Binomial(up + down, 1/2)."""
    n, law = up + down, stats.binom(up + down, 0.5)
    ways = sum(math.comb(n, k) for k in range(up + 1, n + 1)) + weight * math.comb(n, up)
    value = agreed(float(ways / Fraction(2**n)), law.sf(up) + float(weight) * law.pmf(up))
    return {'up': up, 'down': down, 'value': value}

def fisher(a, A, b, B):
    """Two-sided: all tables with these margins that are no more probable than this one."""
    ways = [math.comb(A, x) * math.comb(B, a + b - x) for x in range(a + b + 1)]
    exact = Fraction(sum(w for w in ways if w <= ways[a]), sum(ways))
    value = agreed(float(exact), stats.fisher_exact([[a, A - a], [b, B - b]]).pvalue)
    return {'lostA': a, 'totalA': A, 'lostB': b, 'totalB': B, 'value': value}

def obrien_fleming(looks, alpha, constant):
    """P(some Z_j >= c sqrt(K/j)), by quadrature: the walk sqrt(j) Z_j of unit steps passes c sqrt(K)."""
    bound, low = constant * math.sqrt(looks), -10 * math.sqrt(looks)
    node, weight = np.polynomial.legendre.leggauss(300)
    x, w = low + (node + 1) * (bound - low) / 2, weight * (bound - low) / 2
    density = stats.norm.pdf(x)
    for _ in range(looks - 1):
        density = stats.norm.pdf(x[:, None] - x) @ (w * density)
    measured = round(1 - float(w @ density), 10)
    assert abs(measured - alpha) < 2e-4, measured
    return {'looks': looks, 'alpha': alpha, 'constant': constant, 'measured': measured}

def fixtures(rng):
    ncdf, erfinv = stats.norm.cdf, lambda p: mp.sqrt(2) * mp.erfinv(2 * mp.mpf(p) - 1)
    return {
        'studentQuantiles': [{'p': p, 'df': df, 'value': float(student_quantile(1 - mp.mpf(p), df))}
                             for p in PS for df in DFS],
        'studentTails': [{'t': t, 'df': df, 'value': agreed(student_tail(t, df), stats.t.sf(t, df))}
                         for t in TS for df in DFS],
        'normalCdf': [{'x': x, 'value': agreed(mp.ncdf(x), ncdf(x))} for x in [-8, -6, -1.96, *TS]],
        'normalQuantiles': [{'p': p, 'value': agreed(erfinv(p), stats.norm.ppf(p))}
                            for p in [1e-9, 0.0001, 0.01, 0.025, 0.2, 0.5, *PS]],
        'farNormalCdf': [{'x': x, 'value': agreed(mp.ncdf(x), ncdf(x), 0)} for x in FAR_ZS],
        'farStudentTails': list(far_tails()),
        'farStudentQuantiles': [{'p': p, 'df': df, 'value': far_quantile(p, df)}
                                for p in FAR_PS for df in FAR_DFS],
        'bonettPrice': list(intervals(rng)),
        'clustered': list(clustered(rng)),
        'mcnemarMidP': [mcnemar(up, down, Fraction(1, 2)) for up, down in DISCORDANT],
        'mcnemarExact': [mcnemar(up, down, Fraction(1)) for up, down in DISCORDANT],
        'fisher': [fisher(*table) for table in TABLES],
        'holm': [{'p': p, 'adjusted': multipletests(p, method='holm')[1].tolist()} for p in FAMILIES],
        'obrienFleming': [obrien_fleming(k, alpha, c) for alpha in OBF for k, c in OBF[alpha].items()],
    }

def pretty(value):
    """JSON as Prettier has it: what has no parts of its own on one line, if it fits."""
    def flat(match):
        line = ' '.join(match[0].split()).replace('[ ', '[').replace(' ]', ']')
        return line if len(line) <= 80 else match[0]
    text = re.sub(r'[\[{][^\[\]{}]+[\]}]', flat, json.dumps(value, indent=2))
    return re.sub(r'\[\s+(\[[^\[\]]+\])\s+\]', r'[\1]', text).replace('e-0', 'e-') + '\n'

if __name__ == '__main__':
    text = pretty(fixtures(random.Random(20240607)))
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(text, encoding='utf-8')
    else:
        sys.stdout.write(text)
