/**
 * Borders: of a constant, of the elements reflected at the edges, of the edges repeated, or of the other end.
 *
 * @module
 */

import * as kernels from "../kernels/mod.ts";
import { type Expr, expr, ShapeError, ValueError } from "../kernels/mod.ts";
import { record } from "../tensor/grad_fn.ts";
import { noted } from "../tensor/operations.ts";
import { requireList, requireTensor } from "../tensor/require_tensor.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { named, show } from "./dims.ts";
import { add } from "./elementwise/arithmetic.ts";
import { unshared } from "./movement/alias.ts";
import { type Border, bordered, checkWhole, constantPadNd } from "./movement/pad.ts";
import { flip, placed, rangesOf, sliced } from "./movement/slice.ts";
import { summed } from "./reduction/sum.ts";

/** What a border is made of. */
export type PaddingMode = "constant" | "reflect" | "replicate" | "circular";

/** Options of `pad`. */
export interface PadOptions {
  /** `"constant"` by default; the others take [C, …] or [N, C, …] and pad all dimensions after the channels. */
  readonly mode?: PaddingMode;
  /** The constant; 0 by default. */
  readonly value?: number | null;
}

type Repeating = Exclude<PaddingMode, "constant">;

/** Which element stands at position `i` of a padded axis. */
function source(mode: Repeating, i: Expr, before: number, extent: number): Expr {
  const at = expr.binary("sub", i, expr.int(before)), last = expr.int(extent - 1);
  const low = expr.binary("lt", at, expr.int(0)), high = expr.binary("lt", last, at);
  const either = (first: Expr, end: Expr) => expr.where(low, first, expr.where(high, end, at));
  switch (mode) {
    case "reflect":
      return either(expr.binary("sub", expr.int(before), i), expr.binary("sub", expr.int(2 * (extent - 1)), at));
    case "replicate":
      return either(expr.int(0), last);
    case "circular":
      return either(expr.binary("add", at, expr.int(extent)), expr.binary("sub", at, expr.int(extent)));
  }
}

/** `x` with `before` and `after` of its own elements added along `axis`. */
function extended(x: Tensor, mode: Repeating, axis: number, [before, after]: Border): Tensor {
  const extent = x.shape[axis]!;
  const shape = x.shape.map((size, i) => i === axis ? size + before + after : size);
  const node = kernels.view(x.node, `pad ${mode} ${axis} ${before}`, shape, (axes) => ({
    index: axes.map((i, a) => a === axis ? source(mode, i, before, extent) : i),
  }));
  return record("pad", node, [x], [(grad) => collected(grad, mode, axis, [before, after], extent)]);
}

/** The transpose of `extended`: what stands in the borders added to the elements that it came from. */
function collected(grad: Tensor, mode: Repeating, axis: number, [before, after]: Border, extent: number): Tensor {
  const { shape } = grad, inner = shape.map((size, i) => i === axis ? extent : size);
  const part = (start: number, size: number) => sliced(grad, rangesOf(shape, axis, start, size));
  const back = (x: Tensor, start: number) => placed(x, rangesOf(inner, axis, start, x.shape[axis]!), inner);
  const edge = (x: Tensor) => mode === "replicate" ? summed(x, [axis], true) : mode === "reflect" ? flip(x, axis) : x;
  let sum = part(before, extent);
  if (before > 0) {
    const to = { reflect: 1, replicate: 0, circular: extent - before }[mode];
    sum = add(sum, back(edge(part(0, before)), to));
  }
  if (after > 0) {
    const to = { reflect: extent - 1 - after, replicate: extent - 1, circular: 0 }[mode];
    sum = add(sum, back(edge(part(before + extent, after)), to));
  }
  return sum;
}

/** The most that one side can be padded by. */
function limitOf(mode: Repeating, extent: number): number {
  return mode === "replicate" ? Infinity : mode === "reflect" ? extent - 1 : extent;
}

/**
 * x within borders. `pad` lists [before, after] for the last dimension, then for the one before it, and so on; negative numbers cut
 * elements off.
 *
 * @throws {ShapeError} for numbers that do not fit the dimensions
 * @throws {ValueError} for another mode, and for a value with another than "constant"
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.pad.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * const x = tensor([[1.5, 2.5, 3.5]]);
 * console.log(F.pad(x, [1, 1]).tolist()); // [ [ 0, 1.5, 2.5, 3.5, 0 ] ]
 * console.log(F.pad(x, [2, 1], { mode: "reflect" }).tolist()); // [ [ 3.5, 2.5, 1.5, 2.5, 3.5, 2.5 ] ]
 * ```
 */
export function pad(
  x: Tensor,
  pad: readonly number[],
  mode?: PaddingMode | PadOptions,
  value?: number | PadOptions | null,
): Tensor {
  requireTensor("pad", "x", x);
  requireList("pad", "pad", pad);
  const options = named<PadOptions>(["mode", "value"], mode, value), kind = options.mode ?? "constant";
  if (kind === "constant") {
    const value = options.value ?? 0;
    return noted("constantPadNd", constantPadNd(x, pad, value), () => ({ inputs: [x], attributes: { pad, value } }));
  }
  if (!["reflect", "replicate", "circular"].includes(kind)) {
    throw new ValueError(`Cannot pad by "${kind}": modes are constant, reflect, replicate and circular`);
  }
  if (options.value) throw new ValueError(`Cannot pad by "${kind}" with value ${options.value}: it is for "constant"`);
  const rank = pad.length / 2, first = x.ndim - rank;
  if (![1, 2, 3].includes(rank) || (first !== 1 && first !== 2)) {
    throw new ShapeError(
      `Cannot pad a tensor of shape ${show(x.shape)} by ${show(pad)} with mode "${kind}": ` +
        "give two numbers for each dimension of [C, …] or [N, C, …] after the channels",
    );
  }
  checkWhole(x, pad);
  const result = Array.from({ length: rank }, (_, i) => x.ndim - 1 - i).reduce((padded, axis, i) => {
    const [before, after] = [pad[2 * i]!, pad[2 * i + 1]!], extent = x.shape[axis]!, limit = limitOf(kind, extent);
    if (extent === 0 || before > limit || after > limit || extent + before + after < 1) {
      throw new ShapeError(
        `Cannot pad dimension ${axis} of extent ${extent} by ${before} and ${after} with mode "${kind}": ` +
          (limit === Infinity ? "something has to remain" : `${limit} is the most at either end`),
      );
    }
    const grown = extended(padded, kind, axis, [Math.max(0, before), Math.max(0, after)]);
    const cut = grown.shape.map((_, a): Border => a === axis ? [Math.min(0, before), Math.min(0, after)] : [0, 0]);
    return before < 0 || after < 0 ? bordered(grown, cut) : grown;
  }, x);
  return noted("pad", unshared(result, x), () => ({ inputs: [x], attributes: { mode: kind, pad } }));
}
