/**
 * The singular value decomposition by rotations that make the rows of R orthogonal, R coming from a QR decomposition.
 *
 * @see Drmač and Veselić, New fast and accurate Jacobi SVD algorithm, SIAM J. Matrix Anal. Appl. 29 (2008)
 * @module
 */

import { complement, orthogonalColumns, qrInPlace } from "./householder.ts";
import { rotate } from "./symmetric.ts";

const SWEEPS = 60;

/** A matrix as Σ valuesᵢ · leftᵢ · rightᵢᵀ. */
export interface SingularVectors {
  /** Descending, as many as the shorter side has elements. */
  readonly values: Float64Array;
  /** The columns of U, in the order of the values; further ones complete a basis where asked for. */
  readonly left: readonly Float64Array[];
  /** The rows of Vᵀ. */
  readonly right: readonly Float64Array[];
}

/** The decomposition of an m × n matrix; undefined where the rotations do not converge. `full`: with whole bases. */
export function singular(a: Float64Array, m: number, n: number, full: boolean): SingularVectors | undefined {
  const tall = m >= n ? tallSingular(a.slice(), m, n) : tallSingular(transposed(a, m, n), n, m);
  if (tall === undefined) return undefined;
  const { values } = tall;
  const [left, right] = m >= n ? [tall.left, tall.right] : [tall.right, tall.left];
  const whole = (vectors: readonly Float64Array[], length: number) =>
    full ? [...vectors, ...complement(vectors, length)] : vectors;
  return { values, left: whole(left, m), right: whole(right, n) };
}

/** The n × m matrix with rows and columns exchanged. */
export function transposed(a: Float64Array, m: number, n: number): Float64Array {
  const result = new Float64Array(n * m);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) result[j * m + i] = a[i * n + j]!;
  return result;
}

function tallSingular(a: Float64Array, m: number, n: number): SingularVectors | undefined {
  // Squares of the elements must neither overflow nor vanish.
  const scale = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  for (let i = 0; i < a.length; i++) a[i] = a[i]! / scale;
  const tau = qrInPlace(a, m, n);
  const q = orthogonalColumns(a, tau, m, n, n);
  const w = new Float64Array(n * n), turns = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    turns[i * n + i] = 1;
    for (let j = i; j < n; j++) w[i * n + j] = a[i * n + j]!;
  }
  if (!orthogonalize(w, turns, n)) return undefined;

  const lengths = Float64Array.from({ length: n }, (_, i) => Math.hypot(...w.subarray(i * n, (i + 1) * n)));
  const order = Array.from(lengths.keys()).sort((i, j) => lengths[j]! - lengths[i]!);
  const right: Float64Array[] = order.filter((i) => lengths[i]! > 0).map((i) =>
    w.slice(i * n, (i + 1) * n).map((x) => x / lengths[i]!)
  );
  if (right.length < n) right.push(...complement(right, n));
  return {
    values: Float64Array.from(order, (i) => lengths[i]! * scale),
    left: order.map((i) => times(q, m, n, turns.subarray(i * n, (i + 1) * n))),
    right,
  };
}

/** The m × n matrix `a` times a vector. */
function times(a: Float64Array, m: number, n: number, x: Float64Array): Float64Array {
  return Float64Array.from({ length: m }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += a[i * n + j]! * x[j]!;
    return sum;
  });
}

/** Turns each pair of rows until all are orthogonal; `turns` gathers the rotations. Whether that was reached. */
function orthogonalize(w: Float64Array, turns: Float64Array, n: number): boolean {
  const tolerance = Math.sqrt(n) * Number.EPSILON;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let turned = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        let first = 0, second = 0, both = 0;
        for (let j = 0; j < n; j++) {
          const x = w[p * n + j]!, y = w[q * n + j]!;
          first += x * x;
          second += y * y;
          both += x * y;
        }
        if (!(Math.abs(both) > tolerance * Math.sqrt(first) * Math.sqrt(second))) continue;
        turned = true;
        const zeta = (second - first) / (2 * both);
        const t = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const c = 1 / Math.hypot(1, t);
        rotate(w, n, p, q, c, -c * t);
        rotate(turns, n, p, q, c, -c * t);
      }
    }
    if (!turned) return true;
  }
  return false;
}
