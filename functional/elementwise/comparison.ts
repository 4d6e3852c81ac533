/**
 * Comparisons and tests of single elements; the result is bool.
 *
 * @module
 */

import { expr } from "../../kernels/mod.ts";
import { type BinaryOfTensor, elementwise, type Unary } from "./define.ts";
import * as f from "./formula.ts";

/**
 * a == b; NaN equals nothing.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number as the first operand
 * @see {@link https://pytorch.org/docs/stable/generated/torch.eq.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.eq(tensor([1, 2]), 2)); // tensor([False,  True])
 * ```
 */
export const eq: BinaryOfTensor = elementwise("eq", f.eq, { tensors: 1 });
/**
 * a != b.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number as the first operand
 * @see {@link https://pytorch.org/docs/stable/generated/torch.ne.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.ne(tensor([1, 2]), 2)); // tensor([ True, False])
 * ```
 */
export const ne: BinaryOfTensor = elementwise("ne", f.ne, { tensors: 1 });
/**
 * a < b.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number as the first operand
 * @see {@link https://pytorch.org/docs/stable/generated/torch.lt.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.lt(tensor([1, 2]), 2)); // tensor([ True, False])
 * ```
 */
export const lt: BinaryOfTensor = elementwise("lt", f.lt, { tensors: 1 });
/**
 * a <= b.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number as the first operand
 * @see {@link https://pytorch.org/docs/stable/generated/torch.le.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.le(tensor([1, 2]), 1)); // tensor([ True, False])
 * ```
 */
export const le: BinaryOfTensor = elementwise("le", f.le, { tensors: 1 });
/**
 * a > b.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number as the first operand
 * @see {@link https://pytorch.org/docs/stable/generated/torch.gt.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.gt(tensor([1, 2]), 1)); // tensor([False,  True])
 * ```
 */
export const gt: BinaryOfTensor = elementwise("gt", f.gt, { tensors: 1 });
/**
 * a >= b.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number as the first operand
 * @see {@link https://pytorch.org/docs/stable/generated/torch.ge.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.ge(tensor([1, 2]), 2)); // tensor([False,  True])
 * ```
 */
export const ge: BinaryOfTensor = elementwise("ge", f.ge, { tensors: 1 });

/**
 * Whether x is NaN.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.isnan.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.isnan(tensor([1, Infinity, NaN]))); // tensor([False, False,  True])
 * ```
 */
export const isnan: Unary = elementwise("isnan", f.isnan);
/**
 * Whether x is Infinity or -Infinity.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.isinf.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.isinf(tensor([1, -Infinity, NaN]))); // tensor([False,  True, False])
 * ```
 */
export const isinf: Unary = elementwise("isinf", f.isinf);
/**
 * Whether x is neither NaN nor infinite.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.isfinite.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.isfinite(tensor([1, Infinity, NaN]))); // tensor([ True, False, False])
 * ```
 */
export const isfinite: Unary = elementwise("isfinite", (x) => expr.unary("not", f.or(f.isnan(x), f.isinf(x))));
/**
 * Whether x is Infinity.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.isposinf.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.isposinf(tensor([1, Infinity, NaN]))); // tensor([False,  True, False])
 * ```
 */
export const isposinf: Unary = elementwise("isposinf", (x) => f.and(f.isinf(x), f.gt(x, 0)));
/**
 * Whether x is -Infinity.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.isneginf.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.isneginf(tensor([1, -Infinity, NaN]))); // tensor([False,  True, False])
 * ```
 */
export const isneginf: Unary = elementwise("isneginf", (x) => f.and(f.isinf(x), f.lt(x, 0)));
