/**
 * Eigenvalues and eigenvectors of symmetric matrices: reduction to three diagonals, then QR steps with implicit shifts.
 *
 * @see Golub and Van Loan, Matrix Computations, 4th edition, sections 8.3.1 and 8.3.3
 * @module
 */

const EPSILON = Number.EPSILON;

/** A symmetric matrix as V · diag(values) · Vᵀ. */
export interface Eigen {
  /** Ascending. */
  readonly values: Float64Array;
  /** V, row-major; its columns are the vectors. */
  readonly vectors: Float64Array;
}

/** A matrix with three diagonals, and the rows of the orthogonal matrix that led to it. */
interface Tridiagonal {
  readonly main: Float64Array;
  readonly side: Float64Array;
  readonly rows: Float64Array;
}

/** The decomposition of an n × n matrix, of which only the lower triangle is looked at; undefined where the steps do not converge. */
export function eigenSymmetric(a: Float64Array, n: number): Eigen | undefined {
  const reduced = tridiagonal(a, n);
  if (!diagonalize(reduced, n)) return undefined;
  const { main, rows } = reduced;
  const order = Array.from(main.keys()).sort((i, j) => main[i]! - main[j]!);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => {
    for (let i = 0; i < n; i++) vectors[i * n + to] = rows[from * n + i]!;
  });
  return { values: Float64Array.from(order, (i) => main[i]!), vectors };
}

/** Reflections from both sides: `rows` · A · `rows`ᵀ has three diagonals. */
function tridiagonal(lower: Float64Array, n: number): Tridiagonal {
  const a = lower.slice();
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) a[i * n + j] = a[j * n + i]!;
  const rows = new Float64Array(n * n);
  for (let i = 0; i < n; i++) rows[i * n + i] = 1;
  const side = new Float64Array(Math.max(0, n - 1));
  const v = new Float64Array(n), p = new Float64Array(n);
  for (let k = 0; k + 1 < n; k++) {
    const head = a[(k + 1) * n + k]!;
    let tail = 0;
    for (let i = k + 2; i < n; i++) tail = Math.hypot(tail, a[i * n + k]!);
    side[k] = head;
    if (tail === 0) continue;
    const length = head >= 0 ? -Math.hypot(head, tail) : Math.hypot(head, tail);
    const tau = (length - head) / length;
    side[k] = length;
    v[k + 1] = 1;
    for (let i = k + 2; i < n; i++) v[i] = a[i * n + k]! / (head - length);
    reflectBothSides(a, n, k + 1, tau, v, p);
    reflectRows(rows, n, k + 1, tau, v, p);
  }
  return { main: Float64Array.from({ length: n }, (_, i) => a[i * n + i]!), side, rows };
}

/** H · A · H of the symmetric block from `start` on, H = I - τ · v · vᵀ: A less v · wᵀ + w · vᵀ. */
function reflectBothSides(
  a: Float64Array,
  n: number,
  start: number,
  tau: number,
  v: Float64Array,
  p: Float64Array,
): void {
  let projection = 0;
  for (let i = start; i < n; i++) {
    let sum = 0;
    for (let j = start; j < n; j++) sum += a[i * n + j]! * v[j]!;
    p[i] = tau * sum;
    projection += p[i]! * v[i]!;
  }
  for (let i = start; i < n; i++) p[i] = p[i]! - tau * projection / 2 * v[i]!;
  for (let i = start; i < n; i++) {
    for (let j = start; j < n; j++) a[i * n + j] = a[i * n + j]! - v[i]! * p[j]! - p[i]! * v[j]!;
  }
}

/** H · rows. */
function reflectRows(
  rows: Float64Array,
  n: number,
  start: number,
  tau: number,
  v: Float64Array,
  sums: Float64Array,
): void {
  sums.fill(0);
  for (let i = start; i < n; i++) for (let j = 0; j < n; j++) sums[j] = sums[j]! + v[i]! * rows[i * n + j]!;
  for (let i = start; i < n; i++) {
    for (let j = 0; j < n; j++) rows[i * n + j] = rows[i * n + j]! - tau * v[i]! * sums[j]!;
  }
}

/** Steps on blocks that do not split, from the end; whether they converged. */
function diagonalize({ main, side, rows }: Tridiagonal, n: number): boolean {
  const negligible = (i: number) => Math.abs(side[i]!) <= EPSILON * (Math.abs(main[i]!) + Math.abs(main[i + 1]!));
  let steps = 0;
  for (let end = n - 1; end > 0;) {
    if (negligible(end - 1)) {
      side[--end] = 0;
      continue;
    }
    let start = end - 1;
    while (start > 0 && !negligible(start - 1)) start--;
    if (++steps > 60 * n) return false;
    qrStep(main, side, rows, n, start, end);
  }
  return true;
}

/** One step with Wilkinson's shift on the block from `start` to `end`. */
function qrStep(
  main: Float64Array,
  side: Float64Array,
  rows: Float64Array,
  n: number,
  start: number,
  end: number,
): void {
  const half = (main[end - 1]! - main[end]!) / 2, last = side[end - 1]!;
  const shift = main[end]! - last / (half + (half >= 0 ? 1 : -1) * Math.hypot(half, last)) * last;
  let x = main[start]! - shift, z = side[start]!;
  for (let k = start; k < end; k++) {
    const length = Math.hypot(x, z);
    const c = length === 0 ? 1 : x / length, s = length === 0 ? 0 : z / length;
    if (k > start) side[k - 1] = length;
    const first = main[k]!, second = main[k + 1]!, between = side[k]!;
    main[k] = c * c * first + 2 * c * s * between + s * s * second;
    main[k + 1] = s * s * first - 2 * c * s * between + c * c * second;
    side[k] = c * s * (second - first) + (c * c - s * s) * between;
    if (k + 1 < end) {
      x = side[k]!;
      z = s * side[k + 1]!;
      side[k + 1] = c * side[k + 1]!;
    }
    rotate(rows, n, k, k + 1, c, s);
  }
}

/** Rows p and q become c · p + s · q and c · q - s · p. */
export function rotate(rows: Float64Array, n: number, p: number, q: number, c: number, s: number): void {
  for (let j = 0; j < n; j++) {
    const first = rows[p * n + j]!, second = rows[q * n + j]!;
    rows[p * n + j] = c * first + s * second;
    rows[q * n + j] = c * second - s * first;
  }
}
