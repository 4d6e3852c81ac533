/**
 * Elements at regular distances in a flat list: views with strides of their own.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { expr, IndexError, numel, ShapeError } from "../../kernels/mod.ts";
import { record } from "../../tensor/grad_fn.ts";
import { requireList, requireTensor } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { add, mul } from "../elementwise/arithmetic.ts";
import { filled, positions } from "../host.ts";
import { scatterSet, scatterSum } from "../selection/primitives.ts";
import { alias } from "./alias.ts";
import { reshaped } from "./reshape.ts";

/** Element [i, j, …] lies at offset + i · stride[0] + j · stride[1] + … of the flat elements. */
interface Strides {
  readonly size: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
}

/** Options of `asStrided` and `asStridedScatter`. */
export interface StridedOptions {
  /** The position of the first element; 0 by default. */
  readonly storageOffset?: number | null;
}

function stridesOf(
  operation: string,
  x: Tensor,
  size: readonly number[],
  stride: readonly number[],
  offset: number | StridedOptions | null | undefined,
): Strides {
  const first = (typeof offset === "object" ? offset?.storageOffset : offset) ?? 0;
  if (size.length !== stride.length || [...size, ...stride, first].some((n) => !Number.isInteger(n) || n < 0)) {
    throw new ShapeError(
      `Cannot ${operation} with size ${show(size)}, stride ${show(stride)} and offset ${first}: ` +
        "size and stride have one integer from 0 for each dimension",
    );
  }
  const last = numel(size) === 0 ? -1 : size.reduce((at, extent, i) => at + (extent - 1) * stride[i]!, first);
  if (last >= x.numel()) {
    throw new IndexError(
      `Cannot ${operation} with size ${show(size)}, stride ${show(stride)} and offset ${first}: ` +
        `the last element would be ${last} of ${x.numel()}`,
    );
  }
  return { size, stride, offset: first };
}

/** The flat position of each element, as a list. */
function placesOf({ size, stride, offset }: Strides, x: Tensor): Tensor {
  const start: Tensor = new Tensor(kernels.scalar(offset, "int32", x.device));
  const at = size.reduce(
    (sum, extent, i) => add(sum, mul(positions(extent, i, size.length, x.device), stride[i]!)),
    start,
  );
  return reshaped(new Tensor(kernels.expand(at.node, size)), [numel(size)]);
}

function strided(x: Tensor, strides: Strides): Tensor {
  const { size, stride, offset } = strides, count = x.numel();
  const flat = kernels.reshape(x.node, [count]);
  const span = size.reduce((sum, extent, i) => sum + Math.max(0, extent - 1) * stride[i]!, 0);
  // Where it starts is data: another start is no other kernel.
  const node = kernels.view(flat, `strided ${stride}`, size, (axes) => ({
    index: [axes.reduce(
      (at, axis, i) => expr.binary("add", at, expr.binary("mul", axis, expr.int(stride[i]!))),
      expr.arg(0, "int32", Math.max(1, count - span)),
    )],
  }), { parameters: [kernels.scalar(offset, "int32", x.device)] });
  return record("asStrided", node, [x], [(grad, [x]) => {
    const zeros = filled([count], 0, grad.dtype, grad.device);
    return reshaped(scatterSum(zeros, 0, placesOf(strides, grad), reshaped(grad, [numel(size)])), x!.shape);
  }]);
}

function written(base: Tensor, value: Tensor, strides: Strides): Tensor {
  const flat = reshaped(base, [base.numel()]);
  return reshaped(scatterSet(flat, 0, placesOf(strides, base), reshaped(value, [value.numel()])), base.shape);
}

/**
 * The elements of x, taken as one row-major list, at storageOffset + i · stride[0] + j · stride[1] + …; a view. Elements that occur
 * several times are written several times, and the last write is kept.
 *
 * As elements have no other order here, strides count elements of x itself, not of a tensor that x is a view of.
 *
 * @param size the shape of the result
 * @param stride for each dimension, the distance of neighbours
 * @throws {IndexError} where an element would lie behind the last one
 * @see {@link https://pytorch.org/docs/stable/generated/torch.as_strided.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.asStrided(tensor([1, 2, 3, 4]), [3, 2], [1, 1]));
 * // tensor([[1, 2],
 * //         [2, 3],
 * //         [3, 4]])
 * ```
 */
export function asStrided(
  x: Tensor,
  size: readonly number[],
  stride: readonly number[],
  storageOffset?: number | StridedOptions | null,
): Tensor {
  requireTensor("asStrided", "x", x);
  requireList("asStrided", "size", size);
  requireList("asStrided", "stride", stride);
  const strides = stridesOf("asStrided", x, size, stride, storageOffset);
  return alias(x, (base) => strided(base, strides), (base, value) => written(base, value, strides));
}

/**
 * A copy of x with the elements that `asStrided` shows replaced by those of `value`.
 *
 * @throws {ShapeError} for another number of strides than of sizes, or a value of another shape
 * @throws {IndexError} for a part beyond the end
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.asStridedScatter(tensor([1, 2, 3, 4]), tensor([8, 9]), [2], [2], 1)); // tensor([1, 8, 3, 9])
 * ```
 * @see {@link https://pytorch.org/docs/stable/generated/torch.as_strided_scatter.html}
 */
export function asStridedScatter(
  x: Tensor,
  value: Tensor,
  size: readonly number[],
  stride: readonly number[],
  storageOffset?: number | StridedOptions | null,
): Tensor {
  requireTensor("asStridedScatter", "x", x);
  requireTensor("asStridedScatter", "value", value);
  requireList("asStridedScatter", "size", size);
  requireList("asStridedScatter", "stride", stride);
  const strides = stridesOf("asStridedScatter", x, size, stride, storageOffset);
  if (!kernels.sameShape(value.shape, size)) {
    throw new ShapeError(
      `Cannot asStridedScatter a value of shape ${show(value.shape)} to a part of shape ${show(size)}`,
    );
  }
  return written(x, value, strides);
}
