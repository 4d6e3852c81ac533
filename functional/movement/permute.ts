/**
 * Dimensions in another order. All are views.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { ShapeError } from "../../kernels/mod.ts";
import { record } from "../../tensor/grad_fn.ts";
import { requireList, requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { axisOf, type Dims, show } from "../dims.ts";
import { alias } from "./alias.ts";

function inverse(order: readonly number[]): number[] {
  return order.map((_, i) => order.indexOf(i));
}

/** Axis i of the result is axis `order[i]` of `x`. For the library: no view. */
export function permuted(x: Tensor, order: readonly number[]): Tensor {
  return record("permute", kernels.permute(x.node, order), [x], [(grad) => permuted(grad, inverse(order))]);
}

function permuteView(x: Tensor, order: readonly number[]): Tensor {
  return alias(x, (base) => permuted(base, order), (_base, value) => permuted(value, inverse(order)));
}

/**
 * Dimension i of the result is dimension `dims[i]` of x.
 *
 * @param dims each dimension of x once; negative ones count from the end
 * @throws {ShapeError} where they do not name each dimension once
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.permute.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.permute(tensor([[[1, 2]]]), [2, 0, 1]).shape); // torch.Size([2, 1, 1])
 * ```
 */
export function permute(x: Tensor, dims: readonly number[]): Tensor {
  requireTensor("permute", "x", x);
  requireList("permute", "dims", dims);
  const order = dims.map((dim) => axisOf("permute", dim, x.ndim));
  if (order.length !== x.ndim || new Set(order).size !== order.length) {
    throw new ShapeError(
      `Cannot permute a tensor of shape ${show(x.shape)} by ${show(dims)}: name each dimension once`,
    );
  }
  return permuteView(x, order);
}

/**
 * x with two dimensions exchanged.
 *
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.transpose.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.transpose(tensor([[1, 2], [3, 4]]), 0, 1));
 * // tensor([[1, 3],
 * //         [2, 4]])
 * ```
 */
export function transpose(x: Tensor, dim0: number, dim1: number): Tensor {
  requireTensor("transpose", "x", x);
  const a = axisOf("transpose", dim0, x.ndim), b = axisOf("transpose", dim1, x.ndim);
  return permuteView(x, x.shape.map((_, i) => i === a ? b : i === b ? a : i));
}

/**
 * The same as `transpose`.
 *
 * @throws {IndexError} for a dimension that is not there
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.swapaxes(tensor([[1, 2]]), 0, 1));
 * // tensor([[1],
 * //         [2]])
 * ```
 * @see {@link https://pytorch.org/docs/stable/generated/torch.swapaxes.html}
 */
export const swapaxes: typeof transpose = transpose;

/**
 * The same as `transpose`.
 *
 * @throws {IndexError} for a dimension that is not there
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.swapdims(tensor([[1, 2]]), 0, 1));
 * // tensor([[1],
 * //         [2]])
 * ```
 * @see {@link https://pytorch.org/docs/stable/generated/torch.swapdims.html}
 */
export const swapdims: typeof transpose = transpose;

/**
 * A matrix with rows and columns exchanged; vectors and scalars stay as they are.
 *
 * @param x [m, n], [n] or a scalar; the result of the first is [n, m]
 * @throws {ShapeError} for more than two dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.t.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.t(tensor([[1, 2], [3, 4]])));
 * // tensor([[1, 3],
 * //         [2, 4]])
 * ```
 */
export function t(x: Tensor): Tensor {
  requireTensor("t", "x", x);
  if (x.ndim > 2) {
    throw new ShapeError(
      `Cannot apply t to a tensor of shape ${show(x.shape)}: it takes at most 2 dimensions. Use mT or transpose`,
    );
  }
  return permuteView(x, x.shape.map((_, i) => i).reverse());
}

/**
 * Each matrix of the last two dimensions transposed.
 *
 * @param x [..., m, n]; the result is [..., n, m]
 * @throws {ShapeError} for a vector
 * @see {@link https://pytorch.org/docs/stable/tensors.html#torch.Tensor.mT}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.mT(tensor([[1, 2], [3, 4]])));
 * // tensor([[1, 3],
 * //         [2, 4]])
 * ```
 */
export function mT(x: Tensor): Tensor {
  requireTensor("mT", "x", x);
  if (x.ndim === 1) {
    throw new ShapeError(`Cannot transpose a vector of shape ${show(x.shape)} as a matrix: unsqueeze it first`);
  }
  return x.ndim === 0 ? permuteView(x, []) : transpose(x, -2, -1);
}

/**
 * Each matrix of the last two dimensions transposed; there are no complex numbers to conjugate.
 *
 * @throws {ShapeError} for one dimension
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.adjoint(tensor([[1, 2], [3, 4]])));
 * // tensor([[1, 3],
 * //         [2, 4]])
 * ```
 * @see {@link https://pytorch.org/docs/stable/generated/torch.adjoint.html}
 */
export const adjoint: typeof mT = mT;

/**
 * The dimensions `source` moved to the places `destination`; the others keep their order.
 *
 * @throws {ShapeError} where the places are not as many as the dimensions, or one is named twice
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.movedim.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.movedim(tensor([[[1, 2]]]), 2, 0).shape); // torch.Size([2, 1, 1])
 * ```
 */
export function movedim(x: Tensor, source: Dims, destination: Dims): Tensor {
  requireTensor("movedim", "x", x);
  const from = [source].flat().map((dim) => axisOf("movedim", dim, x.ndim));
  const to = [destination].flat().map((dim) => axisOf("movedim", dim, x.ndim));
  if (from.length !== to.length || new Set(from).size !== from.length || new Set(to).size !== to.length) {
    throw new ShapeError(
      `Cannot movedim from ${show([source].flat())} to ${
        show([destination].flat())
      }: give as many places as dimensions, each once`,
    );
  }
  const rest = x.shape.map((_, i) => i).filter((i) => !from.includes(i));
  return permuteView(x, x.shape.map((_, i) => to.includes(i) ? from[to.indexOf(i)]! : rest.shift()!));
}

/**
 * The same as `movedim`.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.moveaxis.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.moveaxis(tensor([[[1, 2]]]), 2, 0).shape); // torch.Size([2, 1, 1])
 * ```
 */
export const moveaxis: typeof movedim = movedim;
