/**
 * The value that a Beta with parameters a and b, both above 0.01 and at most 1, stays below with probability `p`,
 * 0 < p < 1. Relative error below 1e-9.
 */
export function betaQuantile(p: number, a: number, b: number): number {
  const below = upToHalf(0.5, a, b);
  const above = upToHalf(0.5, b, a);
  const wanted = p * (below + above);
  return wanted <= below ? invert(wanted, a, b) : 1 - invert(below + above - wanted, b, a);
}

/** The incomplete beta function B_x(a, b) for x up to 1/2, by its power series (DLMF 8.17.7): all terms are positive. */
function upToHalf(x: number, a: number, b: number): number {
  let term = 1;
  let sum = 1 / a;
  for (let n = 1; term > Number.EPSILON; n += 1) {
    term *= (x * (n - b)) / n;
    sum += term / (a + n);
  }
  return x ** a * sum;
}

/** Newton's method for ln B_x in ln x, which is convex: steps from above never lead beyond the solution. */
function invert(wanted: number, a: number, b: number): number {
  let x = 0.5;
  for (;;) {
    const found = upToHalf(x, a, b);
    const factor = Math.exp((-Math.log(found / wanted) * found) / (x ** a * (1 - x) ** (b - 1)));
    x *= factor;
    if (!(Math.abs(factor - 1) > 1e-10)) return x;
  }
}
