/**
 * Random tensors like others.
 *
 * @module
 */

import type { DType } from "../kernels/mod.ts";
import { integersFrom, rand, randn, type RandomOptions } from "./random.ts";
import { requireTensor } from "./require_tensor.ts";
import type { Tensor } from "./tensor.ts";

/** The options of a tensor like `t`, where `options` says nothing else. */
function like(t: Tensor, options: RandomOptions): RandomOptions & { dtype: DType } {
  return { dtype: t.dtype, device: t.device, ...options };
}

/**
 * `rand` with the shape, dtype and device of `t`.
 *
 * @example
 * ```ts
 * import { ones, randLike } from "@tensaur/tensaur";
 *
 * console.log(randLike(ones([2, 3])).shape); // torch.Size([2, 3])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.rand_like.html}
 */
export function randLike(t: Tensor, options: RandomOptions = {}): Tensor {
  requireTensor("randLike", "t", t);
  return rand(t.shape, like(t, options));
}

/**
 * `randn` with the shape, dtype and device of `t`.
 *
 * @example
 * ```ts
 * import { ones, randnLike } from "@tensaur/tensaur";
 *
 * console.log(randnLike(ones([2, 3])).shape); // torch.Size([2, 3])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.randn_like.html}
 */
export function randnLike(t: Tensor, options: RandomOptions = {}): Tensor {
  requireTensor("randnLike", "t", t);
  return randn(t.shape, like(t, options));
}

/**
 * Integers from 0 to `high` - 1, with the shape, dtype and device of `t`.
 *
 * @example
 * ```ts
 * import { ones, randintLike } from "@tensaur/tensaur";
 *
 * console.log(randintLike(ones([2, 3]), 10).dtype); // float32
 * ```
 *
 * @throws {ValueError} where there is no integer between them, or the dtype cannot hold it
 * @see {@link https://pytorch.org/docs/stable/generated/torch.randint_like.html}
 */
export function randintLike(t: Tensor, high: number, options?: RandomOptions): Tensor;
/** Integers from `low` to `high` - 1, with the shape, dtype and device of `t`. */
export function randintLike(t: Tensor, low: number, high: number, options?: RandomOptions): Tensor;
export function randintLike(
  t: Tensor,
  first: number,
  second?: number | RandomOptions,
  third: RandomOptions = {},
): Tensor {
  requireTensor("randintLike", "t", t);
  if (typeof second !== "number") return integersFrom(0, first, t.shape, like(t, second ?? {}));
  return integersFrom(first, second, t.shape, like(t, third));
}
