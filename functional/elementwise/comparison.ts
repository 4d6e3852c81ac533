/**
 * Comparisons and tests of single elements; the result is bool.
 *
 * @module
 */

import { expr } from "../../kernels/mod.ts";
import { type Binary, elementwise, type Unary } from "./define.ts";
import * as f from "./formula.ts";

/** a == b; NaN equals nothing. */
export const eq: Binary = elementwise("eq", f.eq);
/** a != b. */
export const ne: Binary = elementwise("ne", f.ne);
/** a < b. */
export const lt: Binary = elementwise("lt", f.lt);
/** a <= b. */
export const le: Binary = elementwise("le", f.le);
/** a > b. */
export const gt: Binary = elementwise("gt", f.gt);
/** a >= b. */
export const ge: Binary = elementwise("ge", f.ge);

/** Whether x is NaN. */
export const isnan: Unary = elementwise("isnan", f.isnan);
/** Whether x is Infinity or -Infinity. */
export const isinf: Unary = elementwise("isinf", f.isinf);
/** Whether x is neither NaN nor infinite. */
export const isfinite: Unary = elementwise("isfinite", (x) => expr.unary("not", f.or(f.isnan(x), f.isinf(x))));
/** Whether x is Infinity. */
export const isposinf: Unary = elementwise("isposinf", (x) => f.and(f.isinf(x), f.gt(x, 0)));
/** Whether x is -Infinity. */
export const isneginf: Unary = elementwise("isneginf", (x) => f.and(f.isinf(x), f.lt(x, 0)));
