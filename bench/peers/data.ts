/**
 * Data that every peer gets bit for bit: numbers from a counter-based hash, and the parameters of the three models.
 *
 * @module
 */

import type { Workload } from "./driver.ts";

type Floats = Float32Array<ArrayBuffer>;
type Ints = Int32Array<ArrayBuffer>;

function hash(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** `n` floats in [low, high). */
export function uniform(n: number, seed: number, low = -1, high = 1): Floats {
  const base = Math.imul(seed, 0x9e3779b9), scale = (high - low) / 2 ** 24;
  const result = new Float32Array(n);
  for (let i = 0; i < n; i++) result[i] = low + scale * (hash((i + base) | 0) >>> 8);
  return result;
}

/** `n` whole numbers below `limit`. */
export function ints(n: number, seed: number, limit: number): Ints {
  const base = Math.imul(seed, 0x9e3779b9);
  const result = new Int32Array(n);
  for (let i = 0; i < n; i++) result[i] = hash((i + base) | 0) % limit;
  return result;
}

/** Weights or biases as PyTorch starts them: uniform within 1/√fanIn. */
function initial(n: number, fanIn: number, seed: number): Floats {
  return uniform(n, seed, -1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn));
}

/** A row-major array with its axes in another order. */
export function permute(a: Float32Array, shape: readonly number[], order: readonly number[]): Floats {
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((x, y) => x * y, 1));
  const axes = order.map((axis) => [shape[axis]!, strides[axis]!] as const);
  const result = new Float32Array(a.length);
  let at = 0;
  const fill = (depth: number, from: number): void => {
    const [extent, stride] = axes[depth]!;
    for (let i = 0; i < extent; i++, from += stride) {
      if (depth + 1 < axes.length) fill(depth + 1, from);
      else result[at++] = a[from]!;
    }
  };
  fill(0, 0);
  return result;
}

/** [rows, columns] to [columns, rows], for libraries that keep the weights of a linear map as [in, out]. */
export function transpose(a: Float32Array, rows: number, columns: number): Floats {
  return permute(a, [rows, columns], [1, 0]);
}

/** Data and parameters of the multilayer perceptron; weights are [out, in]. */
export function mlpData({ batch, sizes }: Workload): {
  x: Floats;
  y: Ints;
  layers: { in: number; out: number; w: Floats; b: Floats }[];
} {
  return {
    x: uniform(batch * sizes[0]!, 1),
    y: ints(batch, 2, sizes.at(-1)!),
    layers: sizes.slice(1).map((out, i) => ({
      in: sizes[i]!,
      out,
      w: initial(sizes[i]! * out, sizes[i]!, 10 + 2 * i),
      b: initial(out, sizes[i]!, 11 + 2 * i),
    })),
  };
}

/** Data and parameters of the convolutional network; images are NCHW, kernels OIHW. */
export function cnnData(
  { batch }: Workload,
): Record<"x" | "w1" | "b1" | "w2" | "b2" | "w3" | "b3", Floats> & { y: Ints } {
  return {
    x: uniform(batch * 784, 1),
    y: ints(batch, 2, 10),
    w1: initial(16 * 9, 9, 10),
    b1: initial(16, 9, 11),
    w2: initial(32 * 144, 144, 12),
    b2: initial(32, 144, 13),
    w3: initial(10 * 1568, 1568, 14),
    b3: initial(10, 1568, 15),
  };
}

/** Data and parameters of the transformer block; its norms start as 1 and 0. */
export function transformerData({ batch, seq, d }: Workload): Record<
  "x" | "y" | "wqkv" | "bqkv" | "wo" | "bo" | "w1" | "b1" | "w2" | "b2",
  Floats
> {
  return {
    x: uniform(batch * seq * d, 1),
    y: uniform(batch * seq * d, 2),
    wqkv: initial(3 * d * d, d, 10),
    bqkv: initial(3 * d, d, 11),
    wo: initial(d * d, d, 12),
    bo: initial(d, d, 13),
    w1: initial(4 * d * d, d, 14),
    b1: initial(4 * d, d, 15),
    w2: initial(4 * d * d, 4 * d, 16),
    b2: initial(d, 4 * d, 17),
  };
}
