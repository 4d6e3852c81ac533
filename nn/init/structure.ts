/**
 * Identities, orthogonal and sparse matrices.
 *
 * @module
 */

import { ShapeError, type Tensor, tensor as tensorOf, ValueError } from "../../tensor/mod.ts";
import { filled } from "./filling.ts";
import { optionsOf } from "../../tensor/arguments.ts";
import { randperm } from "../../tensor/random.ts";
import { orthogonal_ as fillOrthogonal_ } from "../../tensor/random_fill.ts";
import type { GainOptions } from "./fans.ts";
import { type GeneratorOptions, normal_ } from "./fill.ts";

function shapeOf(tensor: Tensor): string {
  return `[${tensor.shape.join(", ")}]`;
}

/**
 * Fills a matrix with 1 on its diagonal and 0 elsewhere, so that a linear layer keeps as many of its inputs as it can.
 *
 * ```ts
 * import { empty, nn } from "@tensaur/tensaur";
 *
 * console.log(nn.init.eye_(empty([2, 3])).tolist()); // [ [ 1, 0, 0 ], [ 0, 1, 0 ] ]
 * ```
 *
 * Errors: anything but a matrix.
 *
 * @see {@link https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.eye_}
 */
export function eye_(tensor: Tensor): Tensor {
  if (tensor.ndim !== 2) {
    throw new ShapeError(`Cannot fill shape ${shapeOf(tensor)} with an identity: expected a matrix`);
  }
  return filled(tensor, () => {
    tensor.zero_();
    tensor.diagonal().fill_(1);
    return tensor;
  });
}

/**
 * Fills the weight of a convolution so that it keeps as many of its input channels as it can: 1 where, within each of `groups`, an
 * output channel meets the input channel of its number, in the middle of the window, and 0 elsewhere.
 *
 * ```ts
 * import { empty, nn } from "@tensaur/tensaur";
 *
 * console.log(nn.init.dirac_(empty([1, 2, 3])).tolist()); // [ [ [ 0, 1, 0 ], [ 0, 0, 0 ] ] ]
 * ```
 *
 * Errors: other than 3, 4 or 5 axes; output channels that `groups` does not divide.
 *
 * @see {@link https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.dirac_}
 */
export function dirac_(tensor: Tensor, groups?: number | { readonly groups?: number }): Tensor {
  const { groups: count = 1 } = optionsOf<{ groups: number }>(["groups"], groups);
  if (tensor.ndim < 3 || tensor.ndim > 5) {
    throw new ShapeError(`Cannot fill shape ${shapeOf(tensor)} with a delta function: expected 3, 4 or 5 axes`);
  }
  const outputs = tensor.size(0) / count, kept = Math.min(outputs, tensor.size(1));
  if (!Number.isInteger(outputs)) {
    throw new ValueError(
      `Cannot fill shape ${shapeOf(tensor)} in ${count} groups: they do not divide ${tensor.size(0)}`,
    );
  }
  return filled(tensor, () => {
    tensor.zero_();
    let center = tensor;
    while (center.ndim > 2) center = center.select(2, Math.floor(center.size(2) / 2));
    for (let i = 0; i < count; i++) center.narrow(0, i * outputs, kept).narrow(1, 0, kept).diagonal().fill_(1);
    return tensor;
  });
}

/**
 * A random matrix whose rows, or columns if these are fewer, are orthogonal to each other and `gain` long. Further axes count as
 * columns.
 *
 * ```ts
 * import { empty, nn } from "@tensaur/tensaur";
 *
 * const weight = nn.init.orthogonal_(empty([3, 5]));
 * console.log(weight.matmul(weight.t()).allclose(nn.init.eye_(empty([3, 3])), { atol: 1e-5 })); // true
 * ```
 *
 * Errors: fewer than two axes.
 *
 * @see Saxe and others, {@link https://arxiv.org/abs/1312.6120 Exact solutions to the nonlinear dynamics of learning}
 * @see {@link https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.orthogonal_}
 */
export function orthogonal_(tensor: Tensor, gain?: number | GainOptions, options?: GeneratorOptions): Tensor {
  const { gain: factor = 1, ...draw } = optionsOf<GainOptions>(["gain"], gain, options);
  if (tensor.ndim < 2) {
    throw new ShapeError(`Cannot make shape ${shapeOf(tensor)} orthogonal: expected two axes or more`);
  }
  return filled(tensor, () => fillOrthogonal_(tensor, factor, draw));
}

/** Options of `sparse_`. */
export interface SparseOptions extends GeneratorOptions {
  /** The share of each column that is 0. */
  readonly sparsity: number;
  /** The deviation of the others. Default 0.01. */
  readonly std?: number;
}

/**
 * Fills a matrix with normal numbers, of which in each column a share of `sparsity`, rounded up, is 0.
 *
 * ```ts
 * import { empty, nn } from "@tensaur/tensaur";
 *
 * const weight = nn.init.sparse_(empty([10, 3]), 0.75);
 * console.log(weight.eq(0).sum(0).tolist()); // [ 8, 8, 8 ]
 * ```
 *
 * Errors: anything but a matrix.
 *
 * @see Martens, Deep learning via Hessian-free optimization (2010)
 * @see {@link https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.sparse_}
 */
export function sparse_(
  tensor: Tensor,
  sparsity: number | SparseOptions,
  options?: Omit<SparseOptions, "sparsity">,
): Tensor {
  const { sparsity: share, std = 0.01, ...draw } = optionsOf<SparseOptions>(["sparsity"], sparsity, options);
  if (tensor.ndim !== 2) throw new ShapeError(`Cannot fill shape ${shapeOf(tensor)} sparsely: expected a matrix`);
  if (!(share! >= 0 && share! <= 1)) {
    throw new ValueError(`Cannot fill with a share of ${share} zeros: expected 0 to 1`);
  }
  const rows = tensor.size(0), columns = tensor.size(1), zeros = Math.ceil(share! * rows);
  normal_(tensor, 0, std, draw);
  if (tensor.numel() === 0) return tensor;
  const orders = Array.from({ length: columns }, () => [...randperm(rows, { ...draw, device: "cpu" }).dataSync()]);
  const dropped = new Uint8Array(rows * columns);
  orders.forEach((order, column) => order.slice(0, zeros).forEach((row) => dropped[row * columns + column] = 1));
  const mask = tensorOf(dropped, { shape: [rows, columns], dtype: "bool", device: tensor.device });
  return filled(tensor, () => tensor.maskedFill_(mask, 0));
}
