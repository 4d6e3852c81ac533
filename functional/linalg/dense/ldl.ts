/**
 * Symmetric matrices as L · D · Lᵀ with rows and columns exchanged, where D has blocks of one or two rows: the layout of LAPACK's
 * sytrf for the lower triangle.
 *
 * @see Bunch and Kaufman, Some stable methods for calculating inertia and solving symmetric linear systems, Math. Comp. 31 (1977)
 * @module
 */

import { type Elimination, exchangeRows } from "./lu.ts";

/** Keeps the growth of elements least. */
const ALPHA = (1 + Math.sqrt(17)) / 8;

/**
 * Replaces the lower triangle of the n × n matrix by L and D. `pivots[k]` > 0 is, from 1, the row exchanged with row k; two equal
 * negative ones say that a block of two starts, and -`pivots[k]` is the row exchanged with its second.
 */
export function ldlInPlace(a: Float64Array, n: number): Elimination {
  const pivots = new Int32Array(n);
  let info = 0;
  for (let k = 0; k < n;) {
    const { pivot, size, zero } = choose(a, n, k);
    const last = k + size - 1;
    if (zero) info ||= k + 1;
    if (pivot !== last) exchange(a, n, k, last, pivot, size);
    if (!zero) (size === 1 ? eliminateOne : eliminateTwo)(a, n, k);
    pivots.fill(size === 1 ? pivot + 1 : -(pivot + 1), k, k + size);
    k += size;
  }
  return { pivots, info };
}

/** Which row comes next, and whether it makes a block of one or, with row k, of two. */
function choose(a: Float64Array, n: number, k: number): { pivot: number; size: 1 | 2; zero: boolean } {
  const head = Math.abs(a[k * n + k]!);
  let below = k, largest = 0;
  for (let i = k + 1; i < n; i++) {
    if (Math.abs(a[i * n + k]!) <= largest) continue;
    largest = Math.abs(a[i * n + k]!);
    below = i;
  }
  if (!(Math.max(head, largest) > 0)) return { pivot: k, size: 1, zero: true };
  if (head >= ALPHA * largest) return { pivot: k, size: 1, zero: false };
  let across = 0;
  for (let j = k; j < below; j++) across = Math.max(across, Math.abs(a[below * n + j]!));
  for (let i = below + 1; i < n; i++) across = Math.max(across, Math.abs(a[i * n + below]!));
  if (head >= ALPHA * largest * (largest / across)) return { pivot: k, size: 1, zero: false };
  if (Math.abs(a[below * n + below]!) >= ALPHA * across) return { pivot: below, size: 1, zero: false };
  return { pivot: below, size: 2, zero: false };
}

/** Exchanges rows and columns `first` < `second` of what is left from `k` on. */
function exchange(a: Float64Array, n: number, k: number, first: number, second: number, size: number): void {
  const swap = (i: number, j: number) => [a[i], a[j]] = [a[j]!, a[i]!];
  for (let i = second + 1; i < n; i++) swap(i * n + first, i * n + second);
  for (let i = first + 1; i < second; i++) swap(i * n + first, second * n + i);
  swap(first * n + first, second * n + second);
  if (size === 2) swap((k + 1) * n + k, second * n + k);
}

function eliminateOne(a: Float64Array, n: number, k: number): void {
  const head = a[k * n + k]!;
  for (let j = k + 1; j < n; j++) {
    const factor = a[j * n + k]! / head;
    for (let i = j; i < n; i++) a[i * n + j] = a[i * n + j]! - factor * a[i * n + k]!;
  }
  for (let i = k + 1; i < n; i++) a[i * n + k] = a[i * n + k]! / head;
}

function eliminateTwo(a: Float64Array, n: number, k: number): void {
  const side = a[(k + 1) * n + k]!, second = a[(k + 1) * n + k + 1]! / side, first = a[k * n + k]! / side;
  const scale = 1 / (first * second - 1) / side;
  for (let j = k + 2; j < n; j++) {
    const one = scale * (second * a[j * n + k]! - a[j * n + k + 1]!);
    const two = scale * (first * a[j * n + k + 1]! - a[j * n + k]!);
    for (let i = j; i < n; i++) a[i * n + j] = a[i * n + j]! - a[i * n + k]! * one - a[i * n + k + 1]! * two;
    a[j * n + k] = one;
    a[j * n + k + 1] = two;
  }
}

/** Replaces the n × m matrix `b` by the solution of A · x = b, where `ld` and `pivots` come from A. */
export function solveLdlInPlace(ld: Float64Array, pivots: Int32Array, n: number, b: Float64Array, m: number): void {
  const less = (to: number, from: number, factor: number) => {
    for (let j = 0; j < m; j++) b[to * m + j] = b[to * m + j]! - factor * b[from * m + j]!;
  };
  const sizeAt = (k: number) => pivots[k]! > 0 ? 1 : 2;
  for (let k = 0; k < n; k += sizeAt(k)) {
    const size = sizeAt(k), last = k + size - 1;
    exchangeRows(b, m, last, Math.abs(pivots[k]!) - 1);
    for (let i = k + size; i < n; i++) for (let l = k; l <= last; l++) less(i, l, ld[i * n + l]!);
    divide(ld, n, k, size, b, m);
  }
  for (let last = n - 1; last >= 0;) {
    const size = sizeAt(last), k = last - size + 1;
    for (let l = k; l <= last; l++) for (let i = last + 1; i < n; i++) less(l, i, ld[i * n + l]!);
    exchangeRows(b, m, last, Math.abs(pivots[last]!) - 1);
    last -= size;
  }
}

/** Solves with the block of D at `k`. */
function divide(ld: Float64Array, n: number, k: number, size: number, b: Float64Array, m: number): void {
  if (size === 1) {
    for (let j = 0; j < m; j++) b[k * m + j] = b[k * m + j]! / ld[k * n + k]!;
    return;
  }
  const side = ld[(k + 1) * n + k]!, first = ld[k * n + k]! / side, second = ld[(k + 1) * n + k + 1]! / side;
  const scale = first * second - 1;
  for (let j = 0; j < m; j++) {
    const x = b[k * m + j]! / side, y = b[(k + 1) * m + j]! / side;
    b[k * m + j] = (second * x - y) / scale;
    b[(k + 1) * m + j] = (first * y - x) / scale;
  }
}
