/**
 * P(Z <= z) for a standard normal Z, by W. J. Cody's rational approximations: "Rational Chebyshev approximations for
 * the error function" (1969, Math. Comp. 23:631-637), in the form of "Algorithm 715" (1993, ACM Trans. Math. Softw.
 * 19:22-32), whose coefficients these are.
 *
 * The relative error is below 1e-14 for every z from -37.5 on, in the lower tail too. Below that the probability has
 * no more normal double; it falls to 0 at about -38.5. The result is NaN only for NaN.
 */
export function normalCdf(z: number): number {
  // Beyond 39 a tail is 0.
  const size = Math.min(Math.abs(z), 40);
  if (size <= 0.67448975) return 0.5 + z * ratio(CENTRE, z * z);
  const tail = scaledTail(size) * gaussian(size);
  return z > 0 ? 1 - tail : tail;
}

/** P(Z > z) / exp(-z^2 / 2) for z above 0.67. */
function scaledTail(z: number): number {
  if (z <= Math.sqrt(32)) return ratio(MIDDLE, z);
  const inverse = 1 / (z * z);
  return (1 / Math.sqrt(2 * Math.PI) - inverse * ratio(FAR, inverse)) / z;
}

/** exp(-z^2 / 2), with z cut after four binary places, so that the square of the large part is exact. */
function gaussian(z: number): number {
  const cut = Math.trunc(z * 16) / 16;
  return Math.exp((-cut * cut) / 2) * Math.exp((-(z - cut) * (z + cut)) / 2);
}

/** Coefficients of a rational function, that of the highest power first. */
interface Rational {
  readonly above: readonly number[];
  readonly below: readonly number[];
}

function ratio({ above, below }: Rational, x: number): number {
  return polynomial(above, x) / polynomial(below, x);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}

const CENTRE: Rational = {
  above: [
    6.5682337918207449113e-2, 2.2352520354606839287, 161.02823106855587881, 1067.6894854603709582,
    18154.981253343561249,
  ],
  below: [
    1, 47.20258190468824187, 976.09855173777669322, 10260.932208618978205, 45507.789335026729956,
  ],
};

const MIDDLE: Rational = {
  above: [
    1.0765576773720192317e-8, 0.39894151208813466764, 8.8831497943883759412, 93.506656132177855979,
    597.27027639480026226, 2494.5375852903726711, 6848.1904505362823326, 11602.651437647350124,
    9842.7148383839780218,
  ],
  below: [
    1, 22.266688044328115691, 235.38790178262499861, 1519.377599407554805, 6485.558298266760755,
    18615.571640885098091, 34900.952721145977266, 38912.003286093271411, 19685.429676859990727,
  ],
};

const FAR: Rational = {
  above: [
    2.307344176494017303e-2, 0.21589853405795699, 0.1274011611602473639, 2.2235277870649807e-2,
    1.421619193227893466e-3, 2.9112874951168792e-5,
  ],
  below: [
    1, 1.28426009614491121, 0.468238212480865118, 6.59881378689285515e-2, 3.78239633202758244e-3,
    7.29751555083966205e-5,
  ],
};

/**
 * P(T > t) for Student's t with `df` degrees of freedom, 1 to 1e9, whole or not; t from -1e150 to 1e150.
 *
 * It is half of the regularised incomplete beta function I_x(df / 2, 1/2) at x = df / (df + t^2), written with the
 * hypergeometric function (DLMF, dlmf.nist.gov, 8.17.8). Up to t^2 = min(4, df) the probability between 0 and t is a
 * series; beyond, where it takes fewer terms, the tail is a continued fraction. All terms of both are positive, so nothing cancels: the relative error
 * is below 1e-12 for every tail above 1e-300, and below 1e-14 for every tail above 1e-12.
 */
export function studentTail(t: number, df: number): number {
  const size = Math.abs(t);
  if (size * size <= Math.min(4, df)) return 0.5 - Math.sign(t) * centre(size, df);
  return t > 0 ? farTail(size, df) : 1 - farTail(size, df);
}

/** P(0 < T < t) for small t > 0: t times the density times F(df / 2 + 1/2, 1; 3/2; y), y = t^2 / (df + t^2). */
function centre(t: number, df: number): number {
  const y = (t * t) / (df + t * t);
  let term = 1;
  let sum = 1;
  for (let n = 0; term > Number.EPSILON * sum; n += 1) {
    term *= (y * ((df + 1) / 2 + n)) / (1.5 + n);
    sum += term;
  }
  return t * density(t, df) * sum;
}

/** P(T > t) for large t > 0. */
function farTail(t: number, df: number): number {
  return density(t, df) * (1 / t + t / df) * fraction(df / 2, df / (t * t));
}

/**
 * F(1/2, 1; a + 1; -z), to which the transformation of Pfaff (DLMF 15.8.1) brings the incomplete beta function. This
 * is the continued fraction of Gauss (15.7.1), evaluated by Lentz's method in the form of Thompson and Barnett (1986,
 * J. Comput. Phys. 64:490-509). With z = 2 a / t^2 and a growing it becomes Laplace's for the normal tail.
 */
function fraction(a: number, z: number): number {
  let [value, above, below] = [1, 1, 0];
  for (let n = 1; ; n += 1) {
    const m = Math.floor(n / 2);
    const weight = n % 2 === 1 ? (m + 0.5) * (a + m) : m * (a + m - 0.5);
    const step = (z * weight) / ((a + n - 1) * (a + n));
    above = 1 + step / above;
    below = 1 / (1 + step * below);
    value *= above * below;
    if (isLast(n, above * below, 4 * Number.EPSILON)) return 1 / value;
  }
}

function density(t: number, df: number): number {
  const kernel = Math.exp((-(df + 1) / 2) * Math.log1p((t * t) / df));
  return (halfStep(df / 2) / Math.sqrt(Math.PI * df)) * kernel;
}

/**
 * Gamma(a + 1/2) / Gamma(a), by its expansion in (a - 1/4)^-2 (DLMF 5.11.14) from 20 on, where five terms give every
 * digit of a double, and by recurrence below.
 */
function halfStep(a: number): number {
  let [shifted, factor] = [a, 1];
  for (; shifted < 20; shifted += 1) factor *= shifted / (shifted + 0.5);
  const w = shifted - 0.25;
  return factor * Math.sqrt(w) * polynomial(HALF_STEP, 1 / (w * w));
}

const HALF_STEP = [-174317 / 134217728, 631 / 524288, -19 / 8192, 1 / 64, 1];

/**
 * The value that Student's t with `df` degrees of freedom, 1 to 1e9, stays below with probability `p`, 0 < p < 1: the
 * inverse of `studentTail`, by Newton's method. NaN for p outside of that. The relative error is below 1e-12 for p from
 * 1e-100 up to the largest double below 1, as long as the value itself stays below 1e150.
 */
export function studentQuantile(p: number, df: number): number {
  // Exact for p from 1/2 on; so is what it is taken from in turn.
  const tail = Math.min(p, 1 - p);
  const size = tail > 0.25 ? invertCentre(0.5 - tail, df) : invertTail(tail, df);
  return p < 0.5 ? -size : size;
}

/** The probability between 0 and t is concave in t, so that steps from below never lead beyond the solution. */
function invertCentre(probability: number, df: number): number {
  let t = probability / density(0, df);
  for (let n = 1; ; n += 1) {
    const next = t + (probability - centre(t, df)) / density(t, df);
    if (isLast(n, next / t, PRECISION)) return next;
    t = next;
  }
}

/** The logarithm of the tail is concave in ln t, so that steps from above never lead beyond the solution. */
function invertTail(tail: number, df: number): number {
  // Where (1 + t^2 / df)^(-df / 2), which is twice the tail or more, is twice what is asked for.
  let t = Math.sqrt(df * Math.expm1((-2 / df) * Math.log(2 * tail)));
  for (let n = 1; ; n += 1) {
    const found = studentTail(t, df);
    const factor = Math.exp((Math.log(found / tail) * found) / (t * density(t, df)));
    t *= factor;
    if (isLast(n, factor, PRECISION)) return t;
  }
}

/** After a step of this relative size only rounding is left: each step squares the error. */
const PRECISION = 1e-12;

/** Whether a step that multiplied a result by `factor` ends an iteration. So does the 10,000th, and a result of NaN. */
function isLast(step: number, factor: number, precision: number): boolean {
  return step >= 1e4 || !(Math.abs(factor - 1) > precision);
}
