/**
 * Gaussian elimination with partial pivoting, on row-major matrices in place.
 *
 * @see Golub and Van Loan, Matrix Computations, 4th edition, section 3.4
 * @module
 */

import { solveTriangularInPlace } from "./triangular.ts";

/** How a decomposition went: the rows exchanged, and where it met a zero pivot. */
export interface Elimination {
  /** Row i was exchanged with row `pivots[i]` - 1, in this order. */
  readonly pivots: Int32Array;
  /** 0, or the first k (from 1) for which the k-th pivot is 0. */
  readonly info: number;
}

/** Replaces the m × n matrix by U in and above the diagonal and the multipliers of L below it. */
export function luInPlace(a: Float64Array, m: number, n: number): Elimination {
  const count = Math.min(m, n);
  const pivots = new Int32Array(count);
  let info = 0;
  for (let k = 0; k < count; k++) {
    const pivot = largestBelow(a, m, n, k);
    pivots[k] = pivot + 1;
    if (a[pivot * n + k] === 0) {
      info ||= k + 1;
      continue;
    }
    if (pivot !== k) exchangeRows(a, n, k, pivot);
    const head = a[k * n + k]!;
    for (let i = k + 1; i < m; i++) {
      const factor = a[i * n + k]! / head;
      a[i * n + k] = factor;
      for (let j = k + 1; j < n; j++) a[i * n + j] = a[i * n + j]! - factor * a[k * n + j]!;
    }
  }
  return { pivots, info };
}

/** The row from `k` on whose element in column `k` is largest. */
function largestBelow(a: Float64Array, m: number, n: number, k: number): number {
  let best = k;
  for (let i = k + 1; i < m; i++) if (Math.abs(a[i * n + k]!) > Math.abs(a[best * n + k]!)) best = i;
  return best;
}

/** Exchanges two rows of `n` elements. */
export function exchangeRows(a: Float64Array, n: number, first: number, second: number): void {
  for (let j = 0; j < n; j++) {
    const kept = a[first * n + j]!;
    a[first * n + j] = a[second * n + j]!;
    a[second * n + j] = kept;
  }
}

/** Replaces the n × k matrix `b` by the solution of A · x = b, where `lu` and `pivots` come from A. */
export function solveLuInPlace(
  lu: Float64Array,
  pivots: Int32Array,
  n: number,
  b: Float64Array,
  k: number,
): void {
  for (let i = 0; i < n; i++) if (pivots[i] !== i + 1) exchangeRows(b, k, i, pivots[i]! - 1);
  solveTriangularInPlace(lu, n, b, k, { upper: false, unit: true });
  solveTriangularInPlace(lu, n, b, k, { upper: true, unit: false });
}

/** For each row of what elimination left, the row of the matrix that it was. */
export function rowsOf(pivots: Int32Array, rows: number): Int32Array {
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  pivots.forEach((pivot, i) => {
    const kept = order[i]!;
    order[i] = order[pivot - 1]!;
    order[pivot - 1] = kept;
  });
  return order;
}

/** The sign and the logarithm of the magnitude of the determinant of an n × n matrix, which is overwritten. */
export function determinant(a: Float64Array, n: number): { sign: number; log: number; value: number } {
  const { pivots } = luInPlace(a, n, n);
  let sign = 1, log = 0, value = 1;
  for (let i = 0; i < n; i++) {
    const head = a[i * n + i]!;
    const swapped = pivots[i] === i + 1 ? 1 : -1;
    sign *= swapped * Math.sign(head);
    log += Math.log(Math.abs(head));
    value *= swapped * head;
  }
  return { sign, log, value };
}
