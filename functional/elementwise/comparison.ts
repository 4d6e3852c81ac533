/**
 * Comparisons and tests of single elements; the result is bool.
 *
 * @module
 */

import { expr } from "../../kernels/mod.ts";
import { type Binary, elementwise, type Unary } from "./define.ts";
import * as f from "./formula.ts";

/**
 * a == b; NaN equals nothing.
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.eq(tensor([1, 2]), 2)); // tensor([False,  True])
 * ```
 */
export const eq: Binary = elementwise("eq", f.eq);
/**
 * a != b.
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.ne(tensor([1, 2]), 2)); // tensor([ True, False])
 * ```
 */
export const ne: Binary = elementwise("ne", f.ne);
/**
 * a < b.
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.lt(tensor([1, 2]), 2)); // tensor([ True, False])
 * ```
 */
export const lt: Binary = elementwise("lt", f.lt);
/**
 * a <= b.
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.le(tensor([1, 2]), 1)); // tensor([ True, False])
 * ```
 */
export const le: Binary = elementwise("le", f.le);
/**
 * a > b.
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.gt(tensor([1, 2]), 1)); // tensor([False,  True])
 * ```
 */
export const gt: Binary = elementwise("gt", f.gt);
/**
 * a >= b.
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.ge(tensor([1, 2]), 2)); // tensor([False,  True])
 * ```
 */
export const ge: Binary = elementwise("ge", f.ge);

/**
 * Whether x is NaN.
 *
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
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.isneginf(tensor([1, -Infinity, NaN]))); // tensor([False,  True, False])
 * ```
 */
export const isneginf: Unary = elementwise("isneginf", (x) => f.and(f.isinf(x), f.lt(x, 0)));
