/**
 * Distances and angles between vectors.
 *
 * @module
 */

import { ShapeError, ValueError } from "../kernels/mod.ts";
import { toDtype } from "../tensor/conversion.ts";
import { noted } from "../tensor/operations.ts";
import { floatType, resultType } from "../tensor/promotion.ts";
import { requireTensor } from "../tensor/require_tensor.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { broadcastShape, expandTo } from "./broadcast.ts";
import { custom } from "./custom.ts";
import { axisOf, named, show } from "./dims.ts";
import { add, mul, square, sub } from "./elementwise/arithmetic.ts";
import { eq } from "./elementwise/comparison.ts";
import { elementwise } from "./elementwise/define.ts";
import { div } from "./elementwise/division.ts";
import { clampMin } from "./elementwise/extremes.ts";
import * as f from "./elementwise/formula.ts";
import { sqrt } from "./elementwise/power.ts";
import { where } from "./elementwise/where.ts";
import { filled, fromIntegers } from "./host.ts";
import { matmul } from "./matrix/matmul.ts";
import { mT } from "./movement/permute.ts";
import { reshaped } from "./movement/reshape.ts";
import { normOver } from "./reduction/norm.ts";
import { requireFloat } from "./reduction/reduce.ts";
import { summed } from "./reduction/sum.ts";
import { indexSelect } from "./selection/index_select.ts";

/** Both as floats of one dtype and shape, with at least one dimension. */
function together(operation: string, a: Tensor, b: Tensor): [Tensor, Tensor] {
  const shape = broadcastShape(operation, a.shape, b.shape), dtype = floatType(resultType(a, b));
  const fit = (x: Tensor) => {
    const whole = expandTo(toDtype(x, dtype), shape);
    return shape.length === 0 ? reshaped(whole, [1]) : whole;
  };
  return [fit(a), fit(b)];
}

// The gradient is that of the norm also where the bound holds, as in PyTorch.
const bounded = elementwise("clampMin", (length, eps) => f.max(length, eps), { gradients: [(grad) => grad] });

/** Options of `cosineSimilarity`. */
export interface CosineSimilarityOptions {
  /** The dimension of the vectors; 1 by default. */
  readonly dim?: number;
  /** The least length that is divided by; 1e-8 by default. */
  readonly eps?: number;
}

/**
 * The cosine of the angle between vectors: x · y / (max(‖x‖, eps) · max(‖y‖, eps)).
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.cosine_similarity.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.cosineSimilarity(tensor([[3.0, 4.5]]), tensor([[6.0, 9.0]])).round().tolist()); // [ 1 ]
 * ```
 */
export function cosineSimilarity(
  x1: Tensor,
  x2: Tensor,
  dim?: number | CosineSimilarityOptions,
  eps?: number | CosineSimilarityOptions,
): Tensor {
  requireTensor("cosineSimilarity", "x1", x1);
  requireTensor("cosineSimilarity", "x2", x2);
  const options = named<CosineSimilarityOptions>(["dim", "eps"], dim, eps);
  const [a, b] = together("cosineSimilarity", x1, x2);
  const axis = axisOf("cosineSimilarity", options.dim ?? 1, Math.max(x1.ndim, x2.ndim));
  const unit = (x: Tensor) => div(x, bounded(normOver(x, 2, [axis], true), options.eps ?? 1e-8));
  return summed(mul(unit(a), unit(b)), [axis]);
}

/** Options of `pairwiseDistance`. */
export interface PairwiseDistanceOptions {
  /** The exponent of the norm; 2 by default. */
  readonly p?: number;
  /** Added to every difference, so that equal vectors have a gradient; 1e-6 by default. */
  readonly eps?: number;
  /** Keeps the last dimension with extent 1; false by default. */
  readonly keepdim?: boolean;
}

/**
 * The distance between vectors along the last dimension: ‖x1 - x2 + eps‖ₚ.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.pairwise_distance.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.pairwiseDistance(tensor([[3.5, 4.5]]), tensor([[0.5, 0.5]])).round().tolist()); // [ 5 ]
 * ```
 */
export function pairwiseDistance(x1: Tensor, x2: Tensor, options: PairwiseDistanceOptions = {}): Tensor {
  requireTensor("pairwiseDistance", "x1", x1);
  requireTensor("pairwiseDistance", "x2", x2);
  const { p = 2, eps = 1e-6, keepdim = false } = options;
  const [a, b] = together("pairwiseDistance", x1, x2);
  return normOver(add(sub(a, b), eps), p, [a.ndim - 1], keepdim);
}

/** Options of `normalize`. */
export interface NormalizeOptions {
  /** The exponent of the norm; 2 by default. */
  readonly p?: number;
  /** The dimension of the vectors; 1 by default. */
  readonly dim?: number;
  /** The least length that is divided by; 1e-12 by default. */
  readonly eps?: number;
}

/**
 * Vectors brought to length 1: x / max(‖x‖ₚ, eps).
 *
 * @param options `p`: 2 by default; `dim`: 1; `eps`: 1e-12
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.normalize.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.normalize(tensor([[1.5, 0.5]]), { p: 1 }).tolist()); // [ [ 0.75, 0.25 ] ]
 * ```
 */
export function normalize(x: Tensor, { p = 2, dim = 1, eps = 1e-12 }: NormalizeOptions = {}): Tensor {
  requireTensor("normalize", "x", x);
  requireFloat("normalize", x);
  const axis = axisOf("normalize", dim, x.ndim);
  const unit = div(x, clampMin(normOver(x, p, x.ndim === 0 ? [] : [axis], true), eps));
  return noted("normalize", unit, () => ({ inputs: [x], attributes: { p, dim, eps } }));
}

/** Options of `cdist`. */
export interface CdistOptions {
  /** The exponent of the norm, from 0; 2 by default. */
  readonly p?: number;
  /** Whether Euclidean distances come from a matrix product, which is faster but less accurate; by default from 26 vectors on. */
  readonly computeMode?:
    | "use_mm_for_euclid_dist_if_necessary"
    | "use_mm_for_euclid_dist"
    | "donot_use_mm_for_euclid_dist";
}

/** √(‖a‖² + ‖b‖² - 2 a · b) for all pairs of rows, by a matrix product. */
function euclidean(x1: Tensor, x2: Tensor): Tensor {
  const last = x1.ndim - 1;
  const compute = () => {
    const squares = add(summed(square(x1), [last], true), mT(summed(square(x2), [last], true)));
    return sqrt(clampMin(sub(squares, mul(matmul(x1, mT(x2)), 2)), 0));
  };
  const share = (grad: Tensor, y: Tensor) => where(eq(y, 0), 0, div(grad, y));
  const toward = (weights: Tensor, mine: Tensor, others: Tensor) =>
    sub(mul(mine, summed(weights, [last], true)), matmul(weights, others));
  return custom("cdist", [x1, x2], compute, [
    (grad, [a, b], y) => toward(share(grad, y), a!, b!),
    (grad, [a, b], y) => toward(mT(share(grad, y)), b!, a!),
  ]);
}

/**
 * The distances of all pairs of rows: [..., P, M] and [..., R, M] to [..., P, R].
 *
 * @param p the exponent of the norm; 2 by default; by position or in options
 * @throws {ShapeError} where the last extents differ or the batches do not broadcast
 * @throws {DTypeError} for integers and bools
 * @throws {ValueError} for a negative p
 * @see {@link https://pytorch.org/docs/stable/generated/torch.cdist.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.cdist(tensor([[0, 0.5]]), tensor([[3, 4.5], [0, 2.5]])).tolist()); // [ [ 5, 2 ] ]
 * ```
 */
export function cdist(x1: Tensor, x2: Tensor, p?: number | CdistOptions, mode?: string | CdistOptions): Tensor {
  requireTensor("cdist", "x1", x1);
  requireTensor("cdist", "x2", x2);
  const { p: power = 2, computeMode } = named<CdistOptions>(["p", "computeMode"], p, mode);
  requireFloat("cdist", x1);
  requireFloat("cdist", x2);
  if (x1.ndim < 2 || x2.ndim < 2 || x1.shape.at(-1) !== x2.shape.at(-1)) {
    throw new ShapeError(
      `Cannot cdist tensors of shapes ${show(x1.shape)} and ${show(x2.shape)}: they are [..., P, M] and [..., R, M]`,
    );
  }
  checkPower("cdist", power);
  const batch = broadcastShape("cdist", x1.shape.slice(0, -2), x2.shape.slice(0, -2));
  const [rows, size] = x1.shape.slice(-2) as [number, number], columns = x2.shape.at(-2)!;
  if (size === 0) return filled([...batch, rows, columns], 0, x1.dtype, x1.device);
  const product = computeMode === "use_mm_for_euclid_dist" ||
    (computeMode !== "donot_use_mm_for_euclid_dist" && (rows > 25 || columns > 25));
  if (power === 2 && product) {
    return euclidean(expandTo(x1, [...batch, rows, size]), expandTo(x2, [...batch, columns, size]));
  }
  const a = reshaped(x1, [...x1.shape.slice(0, -1), 1, size]);
  const b = reshaped(x2, [...x2.shape.slice(0, -2), 1, columns, size]);
  return normOver(sub(a, b), power, [batch.length + 2]);
}

/**
 * The distances of all pairs of different rows of [N, M], in the order (0, 1), (0, 2), …, (N - 2, N - 1).
 *
 * @param options `p` is the exponent of the norm, 2 by default
 * @throws {ShapeError} for other than two dimensions
 * @throws {DTypeError} for integers and bools
 * @throws {ValueError} for a negative p
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.pdist.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.pdist(tensor([[0.5], [2.5], [7.0]])).tolist()); // [ 2, 6.5, 4.5 ]
 * ```
 */
export function pdist(x: Tensor, options: number | { readonly p?: number } = {}): Tensor {
  requireTensor("pdist", "x", x);
  const { p = 2 } = named<{ p?: number }>(["p"], options);
  requireFloat("pdist", x);
  if (x.ndim !== 2) throw new ShapeError(`Cannot pdist a tensor of shape ${show(x.shape)}: it takes [N, M]`);
  checkPower("pdist", p);
  const [n, size] = x.shape as readonly number[] as [number, number];
  const first: number[] = [], second: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      first.push(i);
      second.push(j);
    }
  }
  if (size === 0) return filled([first.length], 0, x.dtype, x.device);
  const rows = (list: number[]) => indexSelect(x, 0, fromIntegers(list, [list.length], x.device));
  return normOver(sub(rows(first), rows(second)), p, [1]);
}

function checkPower(operation: string, p: number): void {
  if (!(p >= 0)) throw new ValueError(`Cannot ${operation} with p ${p}: it must not be negative`);
}
