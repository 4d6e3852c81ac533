/**
 * The Cholesky decomposition, row by row.
 *
 * @see Golub and Van Loan, Matrix Computations, 4th edition, section 4.2
 * @module
 */

/**
 * Replaces the n × n matrix, of which only the lower triangle is looked at, by L with A = L · Lᵀ. Returns 0, or the order (from 1) of
 * the first leading minor that is not positive.
 */
export function choleskyInPlace(a: Float64Array, n: number): number {
  let info = 0;
  for (let i = 0; i < n && info === 0; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let l = 0; l < j; l++) sum -= a[i * n + l]! * a[j * n + l]!;
      if (j < i) a[i * n + j] = sum / a[j * n + j]!;
      else if (sum > 0) a[i * n + i] = Math.sqrt(sum);
      else info = i + 1;
    }
  }
  for (let i = 0; i < n; i++) a.fill(0, i * n + i + 1, (i + 1) * n);
  return info;
}
