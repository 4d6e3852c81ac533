/**
 * QR decompositions by reflections I - τ · v · vᵀ, whose vectors start with an implied 1.
 *
 * Signs are LAPACK's: the reflection takes a column to minus the sign of its head times its length.
 *
 * @see Golub and Van Loan, Matrix Computations, 4th edition, section 5.2
 * @module
 */

/** Replaces the m × n matrix by R in and above the diagonal and the vectors of the reflections below it; returns their factors τ. */
export function qrInPlace(a: Float64Array, m: number, n: number): Float64Array {
  const count = Math.min(m, n);
  const tau = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    const head = a[k * n + k]!;
    let tail = 0;
    for (let i = k + 1; i < m; i++) tail = Math.hypot(tail, a[i * n + k]!);
    if (tail === 0) continue;
    const length = head >= 0 ? -Math.hypot(head, tail) : Math.hypot(head, tail);
    tau[k] = (length - head) / length;
    for (let i = k + 1; i < m; i++) a[i * n + k] = a[i * n + k]! / (head - length);
    a[k * n + k] = length;
    reflect(a, n, m, k, tau[k]!, a, n, k + 1);
  }
  return tau;
}

/** Applies reflection `k` of `a` (rows of `n`) to the columns from `from` on of `c` (rows of `width`), both of `m` rows. */
function reflect(
  a: Float64Array,
  n: number,
  m: number,
  k: number,
  tau: number,
  c: Float64Array,
  width: number,
  from: number,
): void {
  if (tau === 0) return;
  const sums = c.slice(k * width, (k + 1) * width);
  for (let i = k + 1; i < m; i++) {
    const factor = a[i * n + k]!;
    for (let j = from; j < width; j++) sums[j] = sums[j]! + factor * c[i * width + j]!;
  }
  for (let i = k; i < m; i++) {
    const factor = tau * (i === k ? 1 : a[i * n + k]!);
    for (let j = from; j < width; j++) c[i * width + j] = c[i * width + j]! - factor * sums[j]!;
  }
}

/** The first `columns` columns of Q, m × columns, from what `qrInPlace` left of an m × n matrix. */
export function orthogonalColumns(
  a: Float64Array,
  tau: Float64Array,
  m: number,
  n: number,
  columns: number,
): Float64Array {
  const q = new Float64Array(m * columns);
  for (let i = 0; i < Math.min(m, columns); i++) q[i * columns + i] = 1;
  for (let k = tau.length - 1; k >= 0; k--) reflect(a, n, m, k, tau[k]!, q, columns, 0);
  return q;
}

/** Vectors of unit length that make the `count` orthonormal ones, of `length` elements each, a basis. */
export function complement(vectors: readonly Float64Array[], length: number): Float64Array[] {
  const count = vectors.length;
  const a = new Float64Array(length * count);
  vectors.forEach((vector, j) => vector.forEach((value, i) => a[i * count + j] = value));
  const q = orthogonalColumns(a, qrInPlace(a, length, count), length, count, length);
  return Array.from(
    { length: length - count },
    (_, j) => Float64Array.from({ length }, (_, i) => q[i * length + count + j]!),
  );
}
