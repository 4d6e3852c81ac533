/**
 * The larger and the smaller of two, and clamping between them.
 *
 * @module
 */

import { ValueError } from "../../kernels/mod.ts";
import { clone } from "../../tensor/conversion.ts";
import { requireOperand, requireTensor } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { type BinaryOfTensors, elementwise, type Operand } from "./define.ts";
import type { Gradient, Gradients } from "./derive.ts";
import * as f from "./formula.ts";
import type { Expr } from "./formula.ts";

/** Where both are equal, each takes half; `loses` says where an operand takes nothing. */
function shared(loses: (mine: Expr, other: Expr) => Expr): Gradients {
  const gradient = (mine: number): Gradient => (grad, x) => {
    const a = x[mine]!, b = x[1 - mine]!;
    return f.where(f.eq(a, b), f.div(grad, 2), f.where(loses(a, b), 0, grad));
  };
  return [gradient(0), gradient(1)];
}

/**
 * The larger of a and b; NaN if one is.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number in place of a tensor
 * @see {@link https://pytorch.org/docs/stable/generated/torch.maximum.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.maximum(tensor([1, 2]), tensor([3, 0]))); // tensor([3, 2])
 * ```
 */
export const maximum: BinaryOfTensors = elementwise("maximum", f.max, {
  tensors: 2,
  gradients: shared((mine, other) => f.lt(mine, other)),
});

/**
 * The smaller of a and b; NaN if one is.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number in place of a tensor
 * @see {@link https://pytorch.org/docs/stable/generated/torch.minimum.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.minimum(tensor([1, 2]), tensor([3, 0]))); // tensor([1, 0])
 * ```
 */
export const minimum: BinaryOfTensors = elementwise("minimum", f.min, {
  tensors: 2,
  gradients: shared((mine, other) => f.gt(mine, other)),
});

/**
 * The larger of a and b; the other one where one is NaN.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number in place of a tensor
 * @see {@link https://pytorch.org/docs/stable/generated/torch.fmax.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.fmax(tensor([1, NaN]), tensor([0.5, 2]))); // tensor([1., 2.])
 * ```
 */
export const fmax: BinaryOfTensors = elementwise(
  "fmax",
  (a, b) => f.where(f.or(f.ge(a, b), f.isnan(b)), a, b),
  {
    tensors: 2,
    gradients: [
      (grad, [a, b]) => f.where(f.or(f.ge(a!, b!), f.isnan(b!)), grad, 0),
      (grad, [a, b]) => f.where(f.or(f.ge(a!, b!), f.isnan(b!)), 0, grad),
    ],
  },
);

/**
 * The smaller of a and b; the other one where one is NaN.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number in place of a tensor
 * @see {@link https://pytorch.org/docs/stable/generated/torch.fmin.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.fmin(tensor([1, NaN]), tensor([0.5, 2]))); // tensor([0.5000, 2.0000])
 * ```
 */
export const fmin: BinaryOfTensors = elementwise(
  "fmin",
  (a, b) => f.where(f.or(f.le(a, b), f.isnan(b)), a, b),
  {
    tensors: 2,
    gradients: [
      (grad, [a, b]) => f.where(f.or(f.le(a!, b!), f.isnan(b!)), grad, 0),
      (grad, [a, b]) => f.where(f.or(f.le(a!, b!), f.isnan(b!)), 0, grad),
    ],
  },
);

const both = elementwise("clamp", (x, low, high) => f.min(f.max(x, low), high), {
  gradients: [
    (grad, [x, low, high]) => f.where(f.and(f.ge(x!, low!), f.le(x!, high!)), grad, 0),
    (grad, [x, low, high]) => f.where(f.and(f.lt(x!, low!), f.lt(low!, high!)), grad, 0),
    (grad, [x, low, high]) => f.where(f.or(f.gt(x!, high!), f.lt(high!, low!)), grad, 0),
  ],
});
const below = elementwise("clamp", f.max, {
  tensors: 1,
  gradients: [
    (grad, [x, low]) => f.where(f.ge(x!, low!), grad, 0),
    (grad, [x, low]) => f.where(f.lt(x!, low!), grad, 0),
  ],
});
const above = elementwise("clamp", f.min, {
  tensors: 1,
  gradients: [
    (grad, [x, high]) => f.where(f.le(x!, high!), grad, 0),
    (grad, [x, high]) => f.where(f.gt(x!, high!), grad, 0),
  ],
});

/** Bounds of `clamp`; numbers or tensors, of which one may be missing. */
export interface ClampOptions {
  /** The lowest value. */
  readonly min?: Operand | null;
  /** The highest value, which wins where it is below the lowest. */
  readonly max?: Operand | null;
}

/**
 * x, but at least `min` and at most `max`. NaN stays NaN.
 *
 * @param bounds `min` and `max`: numbers, or tensors that broadcast against x; one may be missing
 * @throws {ValueError} without bounds
 * @throws {ShapeError} where the shapes do not broadcast
 * @see {@link https://pytorch.org/docs/stable/generated/torch.clamp.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.clamp(tensor([-1, 0.5, 2]), { min: 0, max: 1 })); // tensor([0.0000, 0.5000, 1.0000])
 * ```
 */
export function clamp(x: Tensor, bounds?: ClampOptions): Tensor;
/** x, but at least `min` and at most `max`. NaN stays NaN. */
export function clamp(x: Tensor, min: Operand | null, max?: Operand | null): Tensor;
export function clamp(x: Tensor, first: ClampOptions | Operand | null = {}, last?: Operand | null): Tensor {
  requireTensor("clamp", "x", x);
  const { min, max } = boundsOf(first, last);
  if (min != null && max != null) return both(x, min, max);
  if (min != null) return below(x, min);
  if (max != null) return above(x, max);
  throw new ValueError("Cannot clamp without bounds: give min, max or both");
}

function boundsOf(first: ClampOptions | Operand | null, last: Operand | null | undefined): ClampOptions {
  if (first === null || typeof first !== "object" || first instanceof Tensor) return { min: first, max: last ?? null };
  return first;
}

/**
 * `clamp` by its other name.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.clip.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.clip(tensor([-1, 0.5, 2]), 0, 1)); // tensor([0.0000, 0.5000, 1.0000])
 * ```
 */
export const clip: typeof clamp = clamp;

/**
 * x, but at least `min`.
 *
 * @param min a number, or a tensor that broadcasts against x
 * @throws {ShapeError} where the shapes do not broadcast
 * @see {@link https://pytorch.org/docs/stable/generated/torch.clamp.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.clampMin(tensor([-1, 0.5, 2]), 0)); // tensor([0.0000, 0.5000, 2.0000])
 * ```
 */
export function clampMin(x: Tensor, min: Operand): Tensor {
  requireTensor("clampMin", "x", x);
  requireOperand("clampMin", "min", min);
  return below(x, min);
}

/**
 * x, but at most `max`.
 *
 * @param max a number, or a tensor that broadcasts against x
 * @throws {ShapeError} where the shapes do not broadcast
 * @see {@link https://pytorch.org/docs/stable/generated/torch.clamp.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.clampMax(tensor([-1, 0.5, 2]), 1)); // tensor([-1.0000,  0.5000,  1.0000])
 * ```
 */
export function clampMax(x: Tensor, max: Operand): Tensor {
  requireTensor("clampMax", "x", x);
  requireOperand("clampMax", "max", max);
  return above(x, max);
}

const replaced = elementwise("nanToNum", (x, nan, posinf, neginf) => {
  const finite = f.where(f.eq(x, Infinity), posinf, f.where(f.eq(x, f.number(-Infinity, x)), neginf, x));
  return f.where(f.isnan(x), nan, finite);
}, {
  gradients: [(grad, [x]) => f.where(f.or(f.isnan(x!), f.isinf(x!)), 0, grad)],
});

/** What stands for the numbers that are none. */
export interface NanToNumOptions {
  /** For NaN; 0 by default. */
  readonly nan?: number | null;
  /** For Infinity; the largest finite number by default. */
  readonly posinf?: number | null;
  /** For -Infinity; the lowest finite number by default. */
  readonly neginf?: number | null;
}

const largest = { float64: Number.MAX_VALUE, float32: 3.4028234663852886e38, float16: 65504 };

/**
 * x with numbers in place of NaN and infinities.
 *
 * @param options `nan`: 0 by default; `posinf` and `neginf`: the largest and the lowest finite number of the dtype by
 *   default
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nan_to_num.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.nanToNum(tensor([NaN, Infinity, 1]), { posinf: 9 })); // tensor([0., 9., 1.])
 * ```
 */
export function nanToNum(x: Tensor, { nan, posinf, neginf }: NanToNumOptions = {}): Tensor {
  requireTensor("nanToNum", "x", x);
  if (!(x.dtype in largest)) return clone(x);
  const limit = largest[x.dtype as keyof typeof largest];
  return replaced(x, nan ?? 0, posinf ?? limit, neginf ?? -limit);
}
