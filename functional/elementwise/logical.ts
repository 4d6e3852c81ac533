/**
 * Logic of truth values, where anything but 0 is true, and of bits.
 *
 * @module
 */

import { expr } from "../../kernels/mod.ts";
import { type Binary, elementwise, type Unary } from "./define.ts";
import * as f from "./formula.ts";
import type { Expr } from "./formula.ts";

const truth = (x: Expr) => expr.cast("bool", x);
const accepts = ["integer", "bool"] as const;

/** a && b. */
export const logicalAnd: Binary = elementwise("logicalAnd", (a, b) => f.and(truth(a), truth(b)));
/** a || b. */
export const logicalOr: Binary = elementwise("logicalOr", (a, b) => f.or(truth(a), truth(b)));
/** Whether exactly one is true. */
export const logicalXor: Binary = elementwise("logicalXor", (a, b) => f.ne(truth(a), truth(b)));
/** !x. */
export const logicalNot: Unary = elementwise("logicalNot", (x) => f.not(truth(x)));

/** a & b of integers or bools. */
export const bitwiseAnd: Binary = elementwise("bitwiseAnd", f.and, { accepts });
/** a | b of integers or bools. */
export const bitwiseOr: Binary = elementwise("bitwiseOr", f.or, { accepts });
/** a ^ b of integers or bools. */
export const bitwiseXor: Binary = elementwise("bitwiseXor", f.xor, { accepts });
/** ~x of integers, !x of bools. */
export const bitwiseNot: Unary = elementwise("bitwiseNot", f.not, { accepts });
/** a << b of integers. */
export const bitwiseLeftShift: Binary = elementwise("bitwiseLeftShift", f.shl, { accepts: ["integer"] });
/** a >> b of integers; the sign stays. */
export const bitwiseRightShift: Binary = elementwise("bitwiseRightShift", f.shr, { accepts: ["integer"] });
