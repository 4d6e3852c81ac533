/**
 * Images sampled at given positions.
 *
 * @module
 */

import { DTypeError, isFloat, numel, ShapeError, ValueError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { zerosLike } from "../../tensor/constant.ts";
import { record, type Vjp } from "../../tensor/grad_fn.ts";
import { noGrad } from "../../tensor/grad_mode.ts";
import { noted } from "../../tensor/operations.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { expandTo } from "../broadcast.ts";
import { show } from "../dims.ts";
import { add, mul } from "../elementwise/arithmetic.ts";
import { ge, le } from "../elementwise/comparison.ts";
import { elementwise } from "../elementwise/define.ts";
import * as f from "../elementwise/formula.ts";
import type { Expr } from "../elementwise/formula.ts";
import { logicalAnd } from "../elementwise/logical.ts";
import { floor, round } from "../elementwise/rounding.ts";
import { where } from "../elementwise/where.ts";
import { fromIntegers } from "../host.ts";
import { reshaped } from "../movement/reshape.ts";
import { rangesOf, sliced } from "../movement/slice.ts";
import { summed } from "../reduction/sum.ts";
import { gathered } from "../selection/primitives.ts";

/** Options of `gridSample`. */
export interface GridSampleOptions {
  /** Which elements around a position are mixed; bicubic only for images. `"bilinear"` by default. */
  readonly mode?: "bilinear" | "nearest" | "bicubic";
  /** What lies outside the image: zeros, its border, or the image reflected. `"zeros"` by default. */
  readonly paddingMode?: "zeros" | "border" | "reflection";
  /** Whether -1 and 1 are the centers of the first and last elements, or their outer edges; false by default. */
  readonly alignCorners?: boolean | null;
}

const modes = ["bilinear", "nearest", "bicubic"], paddings = ["zeros", "border", "reflection"];

// From [-1, 1] to elements of an axis.
const cornered = elementwise("gridSample", (x, extent) => f.mul(f.mul(f.add(x, 1), 0.5), f.sub(extent, 1)));
const edged = elementwise("gridSample", (x, extent) => f.mul(f.sub(f.mul(f.add(x, 1), extent), 1), 0.5));

/** `x` within [0, last]; NaN is 0. No gradient flows from outside. */
const clipped = elementwise("clip", (x, last) => f.where(f.gt(x, 0), f.min(x, last), 0), {
  gradients: [(grad, [x, last]) => f.where(f.and(f.gt(x!, 0), f.lt(x!, last!)), grad, 0)],
});

/** `x` reflected at `low` and `low + span` until it lies between them. */
const reflected = elementwise("reflect", (x, low, span) => {
  const { rest, odd } = folded(x, low, span);
  return f.where(f.eq(span, 0), 0, f.add(f.where(odd, f.sub(span, rest), rest), low));
}, {
  gradients: [(grad, [x, low, span]) => {
    const { odd } = folded(x!, low!, span!);
    const outward = f.xor(odd, f.lt(x!, low!));
    return f.where(f.eq(span!, 0), 0, f.where(outward, f.neg(grad), grad));
  }],
});

function folded(x: Expr, low: Expr, span: Expr): { rest: Expr; odd: Expr } {
  const safe = f.where(f.eq(span, 0), 1, span);
  const far = f.abs(f.sub(x, low)), turns = f.floor(f.div(far, safe));
  const rest = f.sub(far, f.mul(turns, safe));
  return { rest, odd: f.eq(f.sub(turns, f.mul(f.floor(f.mul(turns, 0.5)), 2)), 1) };
}

/** The share of neighbour 0 or 1 of a position that lies `t` after the first. */
const linearShare = elementwise("share", (t, which) => f.where(f.eq(which, 0), f.sub(1, t), t));

/** The share of neighbours -1 to 2: Keys' cubic with a = -3/4. */
const cubicShare = elementwise("share", (t, which) => {
  // At most 1 it is anyway; but compilers of shaders take (position - first) - which for position - (first + which), which far out is 0.
  const a = -0.75, x = f.abs(f.sub(f.min(t, 1), which));
  const inner = f.add(f.mul(f.mul(f.sub(f.mul(x, a + 2), a + 3), x), x), 1);
  const outer = f.sub(f.mul(f.add(f.mul(f.sub(f.mul(x, a), 5 * a), x), 8 * a), x), 4 * a);
  return f.where(f.le(x, 1), inner, outer);
});

/**
 * Elements of `input` at the positions in `grid`, whose last dimension holds x, y(, z): -1 is the left or upper end of the image, 1 the
 * other one.
 *
 * @param input [N, C, H, W] or [N, C, D, H, W]
 * @param grid [N, H', W', 2] or [N, D', H', W', 3]
 * @returns [N, C, H', W'] or [N, C, D', H', W']
 * @throws {ShapeError} where the shapes do not fit
 * @throws {DTypeError} where the dtypes differ or are no floats
 * @throws {ValueError} for another mode or paddingMode
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.grid_sample.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * const image = tensor([[[[0.5, 1.5], [2.5, 3.5]]]]);
 * const middle = tensor([[[[0, 0]]]], { dtype: "float32" });
 * console.log(F.gridSample(image, middle).item()); // 2
 * ```
 */
export function gridSample(input: Tensor, grid: Tensor, options: GridSampleOptions = {}): Tensor {
  requireTensor("gridSample", "input", input);
  requireTensor("gridSample", "grid", grid);
  const { mode = "bilinear", paddingMode = "zeros", alignCorners } = options;
  checkArguments(input, grid, mode, paddingMode);
  const [n, c, ...spatial] = input.shape as readonly number[] as [number, number, ...number[]];
  const points = grid.shape.slice(1, -1), count = numel(points), rank = spatial.length;
  const offsets = mode === "nearest" ? [0] : mode === "bilinear" ? [0, 1] : [-1, 0, 1, 2];
  const taps = offsets.length ** rank;

  let at: Tensor | undefined, weight: Tensor | undefined, inside: Tensor | undefined;
  spatial.forEach((extent, d) => {
    const coordinate = reshaped(sliced(grid, rangesOf(grid.shape, rank + 1, rank - 1 - d, 1)), [n, 1, 1, count]);
    const unbound = (alignCorners ? cornered : edged)(coordinate, extent);
    // A cubic mixes before it looks what lies outside.
    const position = mode === "bicubic" ? unbound : bound(unbound, extent, paddingMode, alignCorners ?? false);
    const first = noGrad(() => mode === "nearest" ? round(position) : floor(position));
    // Tap k of all dimensions together is the neighbour offsets[…] of this one.
    const of = Array.from(
      { length: taps },
      (_, k) => offsets[Math.floor(k / offsets.length ** (rank - 1 - d)) % offsets.length]!,
    );
    const which = toDtype(reshaped(fromIntegers(of, [taps], input.device), [1, 1, taps, 1]), grid.dtype);
    const neighbour = noGrad(() => {
      const plain = add(first, which);
      return mode === "bicubic" ? bound(plain, extent, paddingMode, alignCorners ?? false) : plain;
    });
    if (mode !== "nearest") {
      const share = (mode === "bilinear" ? linearShare : cubicShare)(add(position, mul(first, -1)), which);
      weight = weight === undefined ? share : mul(weight, share);
    }
    noGrad(() => {
      const within = logicalAnd(ge(neighbour, 0), le(neighbour, extent - 1));
      inside = inside === undefined ? within : logicalAnd(inside, within);
      const index = toDtype(clipped(neighbour, extent - 1), "int32");
      at = at === undefined ? index : add(mul(at, extent), index);
    });
  });

  const flat = reshaped(input, [n, c, numel(spatial)]);
  const index = reshaped(expandTo(at!, [n, c, taps, count]), [n, c, taps * count]);
  const found = where(inside!, reshaped(gathered(flat, 2, index), [n, c, taps, count]), 0);
  const mixed = weight === undefined ? found : mul(found, weight);
  const sampled = reshaped(summed(mixed, [2]), [n, c, ...points]);
  // As in PyTorch, what was rounded has a gradient, and it is 0.
  const vjps: Vjp[] = [(grad) => grad, (_grad, [, grid]) => zerosLike(grid!)];
  const result = mode === "nearest" ? record("gridSample", sampled.node, [sampled, grid], vjps) : sampled;
  return noted("gridSample", result, () => ({
    inputs: [input, grid],
    attributes: { mode, paddingMode, alignCorners: alignCorners ?? false },
  }));
}

/** Positions brought into the image, where the padding says so. */
function bound(x: Tensor, extent: number, padding: string, alignCorners: boolean): Tensor {
  if (padding === "zeros") return x;
  const last = extent - 1;
  if (padding === "border") return clipped(x, last);
  return clipped(reflected(x, alignCorners ? 0 : -0.5, alignCorners ? last : extent), last);
}

function checkArguments(input: Tensor, grid: Tensor, mode: string, paddingMode: string): void {
  const rank = input.ndim - 2;
  if (!modes.includes(mode)) throw new ValueError(`Cannot gridSample by "${mode}": modes are ${modes.join(", ")}`);
  if (!paddings.includes(paddingMode)) {
    throw new ValueError(`Cannot gridSample with paddingMode "${paddingMode}": it is one of ${paddings.join(", ")}`);
  }
  if (!isFloat(input.dtype) || input.dtype !== grid.dtype) {
    throw new DTypeError(
      `Cannot gridSample a ${input.dtype} input at a ${grid.dtype} grid: both must be of one float dtype`,
    );
  }
  const fits = (rank === 2 || rank === 3) && grid.ndim === input.ndim && grid.shape[0] === input.shape[0] &&
    grid.shape.at(-1) === rank && !input.shape.slice(1).includes(0);
  if (!fits) {
    throw new ShapeError(
      `Cannot gridSample an input of shape ${show(input.shape)} at a grid of shape ${show(grid.shape)}: ` +
        "they are [N, C, H, W] and [N, H', W', 2], or [N, C, D, H, W] and [N, D', H', W', 3]",
    );
  }
  if (mode === "bicubic" && rank !== 2) {
    throw new ValueError(
      `Cannot gridSample an input of shape ${show(input.shape)} by "bicubic": it takes [N, C, H, W]`,
    );
  }
}
