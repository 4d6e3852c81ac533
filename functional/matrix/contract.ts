/**
 * Sums of products over shared dimensions: what all of linear algebra here is made of.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { type ContractAxes, DTypeError } from "../../kernels/mod.ts";
import { record } from "../../tensor/grad_fn.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { permuted } from "../movement/permute.ts";

/** a[batch…, m…, k…] and b[batch…, k…, n…] to [batch…, m…, n…], summed over k; the numbers count axes. */
export function contracted(operation: string, a: Tensor, b: Tensor, axes: ContractAxes): Tensor {
  if (a.dtype !== b.dtype) {
    throw new DTypeError(
      `Cannot ${operation} ${a.dtype} and ${b.dtype}: both must have one dtype. Convert the second with to("${a.dtype}")`,
    );
  }
  const { batch, m, n, k } = axes;
  return record(operation, kernels.contract(a.node, b.node, axes), [a, b], [
    (grad, [, b]) => contracted(operation, grad, swapped(b!, batch, k, n), { batch, m, n: k, k: n }),
    (grad, [a]) => contracted(operation, swapped(a!, batch, m, k), grad, { batch, m: k, n, k: m }),
  ]);
}

/** The groups of `first` and `second` axes behind the batch exchanged. */
export function swapped(x: Tensor, batch: number, first: number, second: number): Tensor {
  const axes = [...x.node.shape.keys()];
  return permuted(x, [
    ...axes.slice(0, batch),
    ...axes.slice(batch + first, batch + first + second),
    ...axes.slice(batch, batch + first),
  ]);
}
