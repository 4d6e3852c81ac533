/**
 * The second names that PyTorch has for some operations.
 *
 * @module
 */

import { mul, neg, sub } from "./arithmetic.ts";
import { ge, gt, le, lt, ne } from "./comparison.ts";
import { div } from "./division.ts";
import { trunc } from "./rounding.ts";
import { abs } from "./sign.ts";
import { acos, acosh, asin, asinh, atan, atan2, atanh } from "./trigonometric.ts";
import type { Binary, BinaryOfTensor, BinaryOfTensors, Unary } from "./define.ts";

/**
 * `abs` by its other name.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.absolute.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.absolute(tensor([1, -2]))); // tensor([1, 2])
 * ```
 */
export const absolute: Unary = abs;

/**
 * `acos` by its other name.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.arccos.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.arccos(tensor([1, 0]))); // tensor([0.0000, 1.5708])
 * ```
 */
export const arccos: Unary = acos;

/**
 * `acosh` by its other name.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.arccosh.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.arccosh(tensor([1, 2]))); // tensor([0.0000, 1.3170])
 * ```
 */
export const arccosh: Unary = acosh;

/**
 * `asin` by its other name.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.arcsin.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.arcsin(tensor([0, 1]))); // tensor([0.0000, 1.5708])
 * ```
 */
export const arcsin: Unary = asin;

/**
 * `asinh` by its other name.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.arcsinh.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.arcsinh(tensor([0, 1]))); // tensor([0.0000, 0.8814])
 * ```
 */
export const arcsinh: Unary = asinh;

/**
 * `atan` by its other name.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.arctan.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.arctan(tensor([0, 1]))); // tensor([0.0000, 0.7854])
 * ```
 */
export const arctan: Unary = atan;

/**
 * `atanh` by its other name.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.arctanh.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.arctanh(tensor([0, 0.5]))); // tensor([0.0000, 0.5493])
 * ```
 */
export const arctanh: Unary = atanh;

/**
 * `atan2` by its other name.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.arctan2.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.arctan2(tensor([1]), tensor([1]))); // tensor([0.7854])
 * ```
 */
export const arctan2: BinaryOfTensors = atan2;

/**
 * `div` by its other name.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.divide.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.divide(tensor([3]), 2)); // tensor([1.5000])
 * ```
 */
export const divide: typeof div = div;

/**
 * `mul` by its other name.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.multiply.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.multiply(tensor([3]), 2)); // tensor([6])
 * ```
 */
export const multiply: Binary = mul;

/**
 * `sub` by its other name.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.subtract.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.subtract(tensor([3]), 2)); // tensor([1])
 * ```
 */
export const subtract: typeof sub = sub;

/**
 * `neg` by its other name.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.negative.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.negative(tensor([3]))); // tensor([-3])
 * ```
 */
export const negative: Unary = neg;

/**
 * `gt` by its other name.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.greater.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.greater(tensor([1, 2]), 1)); // tensor([False,  True])
 * ```
 */
export const greater: BinaryOfTensor = gt;

/**
 * `ge` by its other name.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.greater_equal.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.greaterEqual(tensor([1, 2]), 2)); // tensor([False,  True])
 * ```
 */
export const greaterEqual: BinaryOfTensor = ge;

/**
 * `lt` by its other name.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.less.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.less(tensor([1, 2]), 2)); // tensor([ True, False])
 * ```
 */
export const less: BinaryOfTensor = lt;

/**
 * `le` by its other name.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.less_equal.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.lessEqual(tensor([1, 2]), 1)); // tensor([ True, False])
 * ```
 */
export const lessEqual: BinaryOfTensor = le;

/**
 * `ne` by its other name.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.not_equal.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.notEqual(tensor([1, 2]), 1)); // tensor([False,  True])
 * ```
 */
export const notEqual: BinaryOfTensor = ne;

/**
 * `trunc` by its other name.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.fix.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.fix(tensor([1.5, -1.5]))); // tensor([ 1., -1.])
 * ```
 */
export const fix: Unary = trunc;
