/**
 * Substitution in triangular systems.
 *
 * @see Golub and Van Loan, Matrix Computations, 4th edition, section 3.1
 * @module
 */

/** Which triangle of the matrix counts. */
export interface Triangle {
  /** The upper one, or the lower. */
  readonly upper: boolean;
  /** Takes the diagonal as 1, whatever is there. */
  readonly unit: boolean;
}

/** Replaces the n × k matrix `b` by the solution of A · x = b, where only one triangle of the n × n matrix `a` is looked at. */
export function solveTriangularInPlace(
  a: Float64Array,
  n: number,
  b: Float64Array,
  k: number,
  { upper, unit }: Triangle,
): void {
  for (let step = 0; step < n; step++) {
    const i = upper ? n - 1 - step : step;
    const [from, to] = upper ? [i + 1, n] : [0, i];
    for (let l = from; l < to; l++) {
      const factor = a[i * n + l]!;
      if (factor === 0) continue;
      for (let j = 0; j < k; j++) b[i * k + j] = b[i * k + j]! - factor * b[l * k + j]!;
    }
    if (unit) continue;
    const head = a[i * n + i]!;
    for (let j = 0; j < k; j++) b[i * k + j] = b[i * k + j]! / head;
  }
}
