/**
 * How many elements fall into which of neighbouring intervals.
 *
 * @module
 */

import { DTypeError, isFloat, numel, ShapeError, ValueError } from "../../kernels/mod.ts";
import { linspace } from "../../tensor/ranges.ts";
import { requireTensor, requireTensorOrNone } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { named, show } from "../dims.ts";
import { add, mul, sub } from "../elementwise/arithmetic.ts";
import { eq, ge, le } from "../elementwise/comparison.ts";
import { div } from "../elementwise/division.ts";
import { clampMax } from "../elementwise/extremes.ts";
import { logicalAnd } from "../elementwise/logical.ts";
import { where } from "../elementwise/where.ts";
import { elementsOf, filled } from "../host.ts";
import { cat } from "../movement/cat.ts";
import { reshaped } from "../movement/reshape.ts";
import { rangesOf, sliced } from "../movement/slice.ts";
import { type Histogram, histogramOf } from "../pairs.ts";
import { scatterSum } from "../selection/primitives.ts";
import { searchsorted } from "../selection/search.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { diff } from "./difference.ts";
import { amax, amin } from "./extremes.ts";
import { summed } from "./sum.ts";

/** Options of `histogram`. */
export interface HistogramOptions {
  /** For a number of bins, where the first begins and the last ends; the smallest and the largest element by default. */
  readonly range?: readonly number[] | null;
  /** What each element counts, in x's shape (for `histogramdd` without its last dimension); 1 by default. */
  readonly weight?: Tensor | null;
  /** Divides the counts so that the area under them is 1; false by default. */
  readonly density?: boolean;
}

function requireFloats(operation: string, x: Tensor): void {
  if (isFloat(x.dtype)) return;
  throw new DTypeError(`Cannot take the ${operation} of a ${x.dtype} tensor: convert it with to("float32")`);
}

function requireBins(operation: string, bins: number): void {
  if (Number.isInteger(bins) && bins > 0) return;
  throw new ValueError(`Cannot take the ${operation} in ${bins} bins: give an integer above 0`);
}

/** The smallest and the largest element of each column of `x`, [M, D]. Reads them; [0, 0] where there is no element. */
function extremesOf(operation: string, x: Tensor): [low: number, high: number][] {
  const [rows, columns] = x.shape as readonly number[] as [number, number];
  if (rows === 0) return Array.from({ length: columns }, () => [0, 0]);
  const found = elementsOf(cat([amin(x, 0), amax(x, 0)]).detach());
  return Array.from({ length: columns }, (_, i) => {
    const low = found[i]!, high = found[columns + i]!;
    if (Number.isFinite(low) && Number.isFinite(high)) return [low, high];
    throw new ValueError(`Cannot take the ${operation} of elements from ${low} to ${high}: they must be finite`);
  });
}

/** The range in which to count; `around` is added on both sides of a single value. */
function widenedRange([low, high]: readonly [number, number], around: number): [number, number] {
  return low === high ? [low - around, high + around] : [low, high];
}

/** The sums of `weight` over the elements of each bin; `bin` numbers those that `inside` says to count. */
function counted(bin: Tensor, inside: Tensor, weight: Tensor, bins: number): Tensor {
  // What lies outside counts in a bin of its own, behind the others.
  const at = toDtype(where(inside, bin, bins), "int32"), count = at.numel();
  const none = filled([bins + 1], 0, weight.dtype, weight.device);
  const sums = scatterSum(none, 0, reshaped(at, [count]), reshaped(weight, [count]));
  return sliced(sums, rangesOf([bins + 1], 0, 0, bins));
}

/**
 * How many elements fall into each of `bins` equal intervals from `min` to `max`; the last one includes `max`, and what lies outside is
 * not counted. With `min` equal to `max` (both 0 by default) the range is that of the elements, which are read for it.
 *
 * @param options `bins` (100 by default), `min` and `max`, by position or by name
 * @returns counts in x's dtype
 * @throws {ValueError} unless `min` is below `max`, and for elements that are not finite where they make the range
 * @see {@link https://pytorch.org/docs/stable/generated/torch.histc.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.histc(tensor([1.5, 2, 1]), { bins: 4, min: 0, max: 3 })); // tensor([0., 1., 2., 0.])
 * ```
 */
export function histc(
  x: Tensor,
  bins?: number | { readonly bins?: number; readonly min?: number; readonly max?: number },
  min?: number,
  max?: number,
): Tensor {
  requireTensor("histc", "x", x);
  const given = named<{ bins?: number; min?: number; max?: number }>(["bins", "min", "max"], bins, min, max);
  const count = given.bins ?? 100, flat = reshaped(x.detach(), [x.numel()]);
  requireFloats("histc", x);
  requireBins("histc", count);
  const asked: [number, number] = [given.min ?? 0, given.max ?? 0];
  const own = asked[0] === asked[1] && x.numel() > 0;
  const [low, high] = widenedRange(own ? extremesOf("histc", reshaped(flat, [x.numel(), 1]))[0]! : asked, 1);
  if (!(low < high) || !Number.isFinite(high - low)) {
    throw new ValueError(`Cannot take the histc from ${low} to ${high}: max must be above min, and both finite`);
  }
  const inside = logicalAnd(ge(flat, low), le(flat, high));
  const bin = clampMax(toDtype(div(mul(sub(where(inside, flat, low), low), count), high - low), "int32"), count - 1);
  return counted(bin, inside, filled(flat.shape, 1, x.dtype, x.device), count);
}

/** Counts over the cells of a grid, and what they are divided by for a density. */
function histogramOver(points: Tensor, edges: readonly Tensor[], { weight, density }: HistogramOptions): Tensor {
  const rows = points.shape[0]!, shape = edges.map((list) => list.numel() - 1), { dtype, device } = points;
  let cell: Tensor | undefined, inside: Tensor | undefined;
  edges.forEach((list, d) => {
    const column = reshaped(sliced(points, rangesOf(points.shape, 1, d, 1)), [rows]), bins = shape[d]!;
    const edge = (at: number) => reshaped(sliced(list, rangesOf(list.shape, 0, at, 1)), []);
    const within = logicalAnd(ge(column, edge(0)), le(column, edge(bins)));
    // The last bin includes its end.
    const bin = clampMax(sub(searchsorted(list, column, { right: true }), 1), bins - 1);
    cell = cell === undefined ? bin : add(mul(cell, bins), bin);
    inside = inside === undefined ? within : logicalAnd(inside, within);
  });
  const ones = filled([rows], 1, dtype, device);
  const counts = reshaped(
    counted(cell!, inside!, weight == null ? ones : toDtype(weight.detach(), dtype), numel(shape)),
    shape,
  );
  if (!density) return counts;
  const total = summed(counts, [...shape.keys()]);
  const volume = edges.map((list, d) => reshaped(diff(list), shape.map((bins, i) => i === d ? bins : 1))).reduce((
    a,
    b,
  ) => mul(a, b));
  // Not every device divides 0 by 0 as it should.
  const share = where(logicalAnd(eq(counts, 0), eq(total, 0)), NaN, div(counts, total));
  return div(share, volume);
}

/** The ends of the bins of each column: lists as they are, equal distances for numbers. */
function edgesOf(
  operation: string,
  points: Tensor,
  bins: readonly (number | Tensor)[],
  range: HistogramOptions["range"],
): Tensor[] {
  const { dtype, device } = points;
  const lazily = () => extremesOf(operation, points);
  let own: [number, number][] | undefined;
  return bins.map((of, d) => {
    if (of instanceof Tensor) {
      if (of.ndim === 1 && of.numel() > 1) return toDtype(of.detach(), dtype);
      throw new ShapeError(
        `Cannot take the ${operation} with edges of shape ${show(of.shape)}: give a list of two or more`,
      );
    }
    requireBins(operation, of);
    const asked = range == null ? (own ??= lazily())[d]! : [range[2 * d]!, range[2 * d + 1]!] as const;
    const [low, high] = points.shape[0] === 0 && range == null ? [0, 1] : widenedRange(asked, 0.5);
    if (!(low <= high) || !Number.isFinite(high - low)) {
      throw new ValueError(`Cannot take the ${operation} from ${low} to ${high}: the range must ascend and be finite`);
    }
    return linspace(low, high, of + 1, { dtype, device });
  });
}

function requireWeight(operation: string, shape: readonly number[], weight: Tensor | null | undefined): void {
  requireTensorOrNone(operation, "weight", weight);
  if (weight == null || (weight.numel() === numel(shape) && weight.ndim === shape.length)) return;
  throw new ShapeError(
    `Cannot take the ${operation} with weights of shape ${show(weight.shape)}: they must have shape ${show(shape)}`,
  );
}

/**
 * How many elements fall into each bin: `bins` equal ones, or those between the ascending edges of a list. All but the last bin exclude
 * their end; elements outside are not counted. Without `range`, the extremes of the elements are read for a number of bins.
 *
 * @param bins the number of bins, or a list of edges; 100 by default
 * @returns `hist` in x's dtype, and `binEdges`, one more
 * @throws {ValueError} for a range that does not ascend, and for elements that are not finite where they make the range
 * @see {@link https://pytorch.org/docs/stable/generated/torch.histogram.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * const { hist, binEdges } = F.histogram(tensor([1.5, 2, 1]), 4, { range: [0, 4] });
 * console.log(hist, binEdges); // tensor([0., 2., 1., 0.]) tensor([0., 1., 2., 3., 4.])
 * ```
 */
export function histogram(
  x: Tensor,
  bins?: number | Tensor | (HistogramOptions & { readonly bins?: number }) | null,
  options?: HistogramOptions & { readonly bins?: number },
): Histogram {
  requireTensor("histogram", "x", x);
  const given = named<HistogramOptions & { bins?: number | Tensor }>(["bins"], bins, options);
  requireFloats("histogram", x);
  requireWeight("histogram", x.shape, given.weight);
  const points = reshaped(x.detach(), [x.numel(), 1]);
  const [edges] = edgesOf("histogram", points, [given.bins ?? 100], given.range) as [Tensor];
  return histogramOf(histogramOver(points, [edges], given), edges);
}

/**
 * How many points fall into each cell of a grid, whose bins along each coordinate are as for `histogram`.
 *
 * @param x the points: coordinates are the last dimension, D of them
 * @param bins for each coordinate the number of bins or a list of edges, or one number for all
 * @param options as for `histogram`; `range` lists both ends for one coordinate after the other
 * @returns the counts, of D dimensions, and the edges of each
 * @throws {ShapeError} where the bins are not as many as the coordinates
 * @see {@link https://pytorch.org/docs/stable/generated/torch.histogramdd.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * const points = tensor([[0.5, 0.5], [0.5, 1.5], [1.5, 1.5]]);
 * console.log(F.histogramdd(points, [2, 2], { range: [0, 2, 0, 2] })[0]);
 * // tensor([[1., 1.],
 * //         [0., 1.]])
 * ```
 */
export function histogramdd(
  x: Tensor,
  bins: number | readonly (number | Tensor)[],
  options: HistogramOptions = {},
): [hist: Tensor, binEdges: Tensor[]] {
  requireTensor("histogramdd", "x", x);
  requireFloats("histogramdd", x);
  if (x.ndim < 2) throw new ShapeError(`Cannot take the histogramdd of shape ${show(x.shape)}: it takes [M, D]`);
  const columns = x.shape.at(-1)!, lead = x.shape.slice(0, -1);
  const each = typeof bins === "number" ? new Array<number>(columns).fill(bins) : bins;
  if (each.length !== columns || columns === 0 || (options.range != null && options.range.length !== 2 * columns)) {
    throw new ShapeError(
      `Cannot take the histogramdd of ${columns} coordinates with bins for ${each.length}: give bins, and two ends of a range, for each`,
    );
  }
  requireWeight("histogramdd", lead, options.weight);
  const points = reshaped(x.detach(), [numel(lead), columns]);
  const edges = edgesOf("histogramdd", points, each, options.range);
  return [histogramOver(points, edges, options), edges];
}
