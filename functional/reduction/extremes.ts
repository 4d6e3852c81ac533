/**
 * The largest and the smallest element, and where they are. NaN counts as the largest and as the smallest.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { expr } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { record } from "../../tensor/grad_fn.ts";
import { noted } from "../../tensor/operations.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { axisOf, type Dims, named, reducedShape } from "../dims.ts";
import { eq, isnan } from "../elementwise/comparison.ts";
import { formula } from "../elementwise/derive.ts";
import { div } from "../elementwise/division.ts";
import { maximum, minimum } from "../elementwise/extremes.ts";
import * as f from "../elementwise/formula.ts";
import { logicalAnd, logicalOr } from "../elementwise/logical.ts";
import { where } from "../elementwise/where.ts";
import { positions } from "../host.ts";
import { reshaped } from "../movement/reshape.ts";
import { type MinMax, minMax, type ValuesIndices, valuesIndices } from "../pairs.ts";
import { reduceNode, type ReduceOptions, reductionOf, requireElements, restored } from "./reduce.ts";
import { summed } from "./sum.ts";

type Extreme = "max" | "min";

/** The extreme over several axes; equal extremes share the gradient. */
function extreme(op: Extreme, name: string, x: Tensor, axes: readonly number[], keepdim: boolean): Tensor {
  return record(name, reduceNode(op, x, axes, keepdim), [x], [(grad, [x], y) => {
    const winners = attained(x!, restored(y, x!, axes));
    const share = div(restored(grad, x!, axes), summed(toDtype(winners, grad.dtype), axes, true));
    return where(winners, share, 0);
  }]);
}

/** Where `x` is its extreme. */
function attained(x: Tensor, extreme: Tensor): Tensor {
  return logicalOr(eq(x, extreme), logicalAnd(isnan(x), isnan(extreme)));
}

/** The position along one axis where `x` first is its extreme, which has extent 1 there. */
const candidate = formula(
  "candidate",
  (x, extreme, position, none) => expr.where(f.or(f.eq(x, extreme), f.isnan(x)), position, none),
);

/** For the library: where along `axis` (it keeps extent 1) `x` first is its extreme, which was found before. */
export function firstOf(x: Tensor, extreme: Tensor, axis: number): Tensor {
  const extent = x.node.shape[axis]!;
  const none = new Tensor(kernels.scalar(extent, "int32", x.device));
  const at = candidate(x, extreme, positions(extent, axis, x.ndim, x.device), none);
  return new Tensor(reduceNode("min", at, [axis], true));
}

/** The extreme along one axis, which keeps extent 1; the gradient goes to where it was first found. */
function extremeAt(op: Extreme, x: Tensor, axis: number): { values: Tensor; indices: Tensor } {
  const detached = new Tensor(x.node);
  const node = reduceNode(op, x, [axis], true);
  const indices = firstOf(detached, new Tensor(node), axis);
  noted(`arg${op}`, indices, () => ({ inputs: [x], attributes: { axis } }));
  const values = record(op, node, [x], [
    (grad, [x]) => where(eq(positions(x!.node.shape[axis]!, axis, x!.ndim, x!.device), indices), grad, 0),
  ]);
  return { values, indices };
}

/** Options of `max` and `min` along a dimension. */
export interface ExtremeOptions {
  /** The dimension; all by default. */
  readonly dim?: number;
  /** Keeps the dimension with extent 1; false by default. */
  readonly keepdim?: boolean;
}

function alongOrAll(
  op: Extreme,
  x: Tensor,
  dim: number | ExtremeOptions | undefined,
  options: ExtremeOptions | undefined,
): Tensor | ValuesIndices {
  const given = named<ExtremeOptions>(["dim"], dim, options);
  if (given.dim === undefined) {
    const axes = [...x.shape.keys()];
    requireElements(op, x, axes);
    return extreme(op, op, x, axes, false);
  }
  const axis = axisOf(op, given.dim, x.ndim);
  // A scalar is a list of one here.
  const source = x.ndim === 0 ? reshaped(x, [1]) : x;
  requireElements(op, source, [axis]);
  const { values, indices } = extremeAt(op, source, axis);
  const shape = x.ndim === 0 ? [] : reducedShape(x.shape, [axis], given.keepdim ?? false);
  return valuesIndices(reshaped(values, shape), reshaped(indices, shape));
}

/**
 * The largest element of all; equal ones share the gradient.
 *
 * @param x any shape; the result is a scalar, or without the dimension, or with extent 1 there where `keepdim`
 * @throws {IndexError} for a dimension that x does not have, and where there is no element
 * @throws {ValueError} for what is no tensor in place of x
 * @see {@link https://pytorch.org/docs/stable/generated/torch.max.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.max(tensor([[1, 5], [7, 2]]), 1)); // [ tensor([5, 7]), tensor([1, 0]) ]
 * ```
 */
export function max(x: Tensor): Tensor;
/** The larger of x and `other`, element by element. */
export function max(x: Tensor, other: Tensor): Tensor;
/** The largest elements along `dim`, and the positions where they were first found. */
export function max(x: Tensor, dim: number, options?: ExtremeOptions): ValuesIndices;
/** The largest elements along the `dim` of the options, and the positions where they were first found. */
export function max(x: Tensor, options: ExtremeOptions & { readonly dim: number }): ValuesIndices;
export function max(
  x: Tensor,
  dim?: number | Tensor | ExtremeOptions,
  options?: ExtremeOptions,
): Tensor | ValuesIndices {
  requireTensor("max", "x", x);
  return dim instanceof Tensor ? maximum(x, dim) : alongOrAll("max", x, dim, options);
}

/**
 * The smallest element of all; equal ones share the gradient.
 *
 * @param x any shape; the result is a scalar, or without the dimension, or with extent 1 there where `keepdim`
 * @throws {IndexError} for a dimension that x does not have, and where there is no element
 * @throws {ValueError} for what is no tensor in place of x
 * @see {@link https://pytorch.org/docs/stable/generated/torch.min.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.min(tensor([[1, 5], [7, 2]]), 1)); // [ tensor([1, 2]), tensor([0, 1]) ]
 * ```
 */
export function min(x: Tensor): Tensor;
/** The smaller of x and `other`, element by element. */
export function min(x: Tensor, other: Tensor): Tensor;
/** The smallest elements along `dim`, and the positions where they were first found. */
export function min(x: Tensor, dim: number, options?: ExtremeOptions): ValuesIndices;
/** The smallest elements along the `dim` of the options, and the positions where they were first found. */
export function min(x: Tensor, options: ExtremeOptions & { readonly dim: number }): ValuesIndices;
export function min(
  x: Tensor,
  dim?: number | Tensor | ExtremeOptions,
  options?: ExtremeOptions,
): Tensor | ValuesIndices {
  requireTensor("min", "x", x);
  return dim instanceof Tensor ? minimum(x, dim) : alongOrAll("min", x, dim, options);
}

/**
 * The largest elements over one or several dimensions; equal ones share the gradient.
 *
 * @param dim the dimensions; all by default; by position or in options
 * @param options `keepdim`: keeps them with extent 1; false by default
 * @throws {IndexError} for a dimension that x does not have, and where there is no element
 * @throws {ShapeError} for a dimension that is named twice
 * @see {@link https://pytorch.org/docs/stable/generated/torch.amax.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.amax(tensor([[1, 5], [7, 2]]), 1)); // tensor([5, 7])
 * ```
 */
export function amax(x: Tensor, dim?: Dims | ReduceOptions, options?: ReduceOptions): Tensor {
  const { axes, keepdim } = reductionOf("amax", x, dim, options);
  requireElements("amax", x, axes);
  return extreme("max", "amax", x, axes, keepdim);
}

/**
 * The smallest elements over one or several dimensions; equal ones share the gradient.
 *
 * @param dim the dimensions; all by default; by position or in options
 * @param options `keepdim`: keeps them with extent 1; false by default
 * @throws {IndexError} for a dimension that x does not have, and where there is no element
 * @throws {ShapeError} for a dimension that is named twice
 * @see {@link https://pytorch.org/docs/stable/generated/torch.amin.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.amin(tensor([[1, 5], [7, 2]]), 1)); // tensor([1, 2])
 * ```
 */
export function amin(x: Tensor, dim?: Dims | ReduceOptions, options?: ReduceOptions): Tensor {
  const { axes, keepdim } = reductionOf("amin", x, dim, options);
  requireElements("amin", x, axes);
  return extreme("min", "amin", x, axes, keepdim);
}

/**
 * The smallest and the largest elements over a dimension, or over all.
 *
 * @param options `dim`: all by default; `keepdim`: keeps it with extent 1; false by default
 * @returns min and max
 * @throws {IndexError} for a dimension that x does not have, and where there is no element
 * @see {@link https://pytorch.org/docs/stable/generated/torch.aminmax.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.aminmax(tensor([3, 1, 2]))); // [ tensor(1), tensor(3) ]
 * ```
 */
export function aminmax(x: Tensor, options: ExtremeOptions = {}): MinMax {
  requireTensor("aminmax", "x", x);
  return minMax(amin(x, options), amax(x, options));
}

function positionOf(
  op: Extreme,
  x: Tensor,
  dim: number | ExtremeOptions | undefined,
  options: ExtremeOptions | undefined,
): Tensor {
  const given = named<ExtremeOptions>(["dim"], dim, options), name = `arg${op}`;
  const flat = given.dim === undefined || x.ndim === 0;
  const source = new Tensor(flat ? kernels.reshape(x.node, [x.numel()]) : x.node);
  const axis = axisOf(name, given.dim ?? 0, source.ndim);
  requireElements(name, source, [axis]);
  const found = firstOf(source, new Tensor(reduceNode(op, source, [axis], true)), axis);
  noted(name, found, () => ({ inputs: [source], attributes: { axis } }));
  if (flat) return reshaped(found, given.keepdim ? x.shape.map(() => 1) : []);
  return reshaped(found, reducedShape(x.shape, [axis], given.keepdim ?? false));
}

/**
 * The position (int32) of the first largest element along `dim`; of all elements, flattened, without it.
 *
 * @param dim the dimension; by position or in options
 * @param options `keepdim`: keeps it with extent 1; false by default
 * @throws {IndexError} for a dimension that x does not have, and where there is no element
 * @see {@link https://pytorch.org/docs/stable/generated/torch.argmax.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.argmax(tensor([[1, 5], [7, 2]]), 1)); // tensor([1, 0])
 * ```
 */
export function argmax(x: Tensor, dim?: number | ExtremeOptions, options?: ExtremeOptions): Tensor {
  requireTensor("argmax", "x", x);
  return positionOf("max", x, dim, options);
}

/**
 * The position (int32) of the first smallest element along `dim`; of all elements, flattened, without it.
 *
 * @param dim the dimension; by position or in options
 * @param options `keepdim`: keeps it with extent 1; false by default
 * @throws {IndexError} for a dimension that x does not have, and where there is no element
 * @see {@link https://pytorch.org/docs/stable/generated/torch.argmin.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.argmin(tensor([[1, 5], [7, 2]]), 1)); // tensor([0, 1])
 * ```
 */
export function argmin(x: Tensor, dim?: number | ExtremeOptions, options?: ExtremeOptions): Tensor {
  requireTensor("argmin", "x", x);
  return positionOf("min", x, dim, options);
}
