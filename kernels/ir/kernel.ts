/**
 * Kernels: what the scheduler hands to the lowerings. A kernel is data; WGSL, WebAssembly and the explanation printed for people
 * are all read off it. Bindings, scalars, reductions and checks are numbered from 0 in each kernel, so that equal kernels have
 * equal text wherever they occur.
 *
 * @module
 */

import type { DType } from "./dtype.ts";
import type { Expr } from "./expr.ts";

/** How reductions, scans and scatters combine elements. */
export type ReduceOp = "sum" | "prod" | "max" | "min";

/** A buffer that a kernel uses; `size` is its number of elements, which is not part of the kernel's text. */
export interface Binding {
  readonly dtype: DType;
  readonly size: number;
  /** `readwrite` is an update in place: each element is read only by the iteration that writes it. */
  readonly access: "read" | "write" | "readwrite";
}

/** Writes `value` to element `index` of binding `slot`. */
export interface Store {
  readonly slot: number;
  readonly index: Expr;
  readonly value: Expr;
}

/** Combines `value` over a stage's inner domain into accumulator `slot`. Empty domains give the identity of `op`. */
export interface Reduction {
  readonly slot: number;
  readonly op: ReduceOp;
  readonly value: Expr;
}

/**
 * One loop over an inner domain, done for each row. Loop variables 0 … rows.length - 1 are the row's, the next ones the stage's
 * own. An expression may use the accumulators of earlier stages of its row.
 *
 * - `reduce`: any number of reductions over the same domain. Order is fixed per target, never dependent on timing.
 * - `store`: any number of stores per point; all values of a point are computed before the first is stored.
 * - `scan`: `inner` has one axis, walked in order; `value` of each step is combined into a running result, which is stored
 *   (inclusive).
 * - `scatter`: the domain is walked in order; `value` is combined into (or, for "set", put at) an element that is already there. Rows
 *   never share an element.
 */
export type Stage =
  | { readonly kind: "reduce"; readonly inner: readonly number[]; readonly reductions: readonly Reduction[] }
  | { readonly kind: "store"; readonly inner: readonly number[]; readonly stores: readonly Store[] }
  | { readonly kind: "scan"; readonly inner: readonly number[]; readonly op: ReduceOp; readonly store: Store }
  | {
    readonly kind: "scatter";
    readonly inner: readonly number[];
    readonly op: ReduceOp | "set";
    readonly store: Store;
  };

/** A fused loop nest: for each row (in parallel), the stages in order. A purely elementwise kernel has no rows and one stage. */
export interface LoopKernel {
  readonly kind: "loop";
  readonly rows: readonly number[];
  readonly stages: readonly Stage[];
  readonly bindings: readonly Binding[];
  readonly scalars: readonly DType[];
  /** Number of flags that `check` expressions may raise. */
  readonly checks: number;
}

/**
 * out[batch, m, n] = sum over k of a[batch, m, k] * b[batch, k, n], then `stores`, whose values see the sum as accumulator 0.
 *
 * Loop variables are numbered batch, m, n, k. `a` does not use n, `b` does not use m. An operand is any expression: usually a
 * load at an affine index (a transposed or strided matrix), or one under a mask (padding, convolution windows).
 */
export interface ContractKernel {
  readonly kind: "contract";
  readonly batch: readonly number[];
  readonly m: readonly number[];
  readonly n: readonly number[];
  readonly k: readonly number[];
  readonly a: Expr;
  readonly b: Expr;
  readonly dtype: DType;
  readonly stores: readonly Store[];
  readonly bindings: readonly Binding[];
  readonly scalars: readonly DType[];
  readonly checks: number;
}

/**
 * For each row of binding 0 ([rows, length], contiguous), the first `count` of the int32 positions that sort it, to binding 1. Stable;
 * NaN sorts as the largest.
 */
export interface SortKernel {
  readonly kind: "sort";
  readonly rows: number;
  readonly length: number;
  readonly count: number;
  readonly descending: boolean;
  readonly bindings: readonly Binding[];
  readonly scalars: readonly DType[];
  readonly checks: number;
}

/** Any kernel. */
export type Kernel = LoopKernel | ContractKernel | SortKernel;
