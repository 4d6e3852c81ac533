/**
 * Words for writing elementwise formulas: `f.mul(x, f.sigmoid(x))`. A number stands for a constant of the other operand's dtype; only
 * numbers that belong to the mathematics are written so, those that a user passes are operands.
 *
 * @module
 */

import { type BinaryOp, expr, isFloat, type UnaryOp } from "../../kernels/mod.ts";
import type { Expr } from "../../kernels/mod.ts";

export type { Expr };

/** A part of a formula; a number takes the dtype of what it is combined with. */
export type Part = Expr | number;

type Unary = (x: Expr) => Expr;
type Binary = (a: Part, b: Part) => Expr;

function unary(op: UnaryOp): Unary {
  return (x) => expr.unary(op, x);
}

function binary(op: BinaryOp): Binary {
  return (a, b) => expr.binary(op, lift(a, b), lift(b, a));
}

function lift(a: Part, like: Part): Expr {
  if (typeof a !== "number") return a;
  if (typeof like === "number") throw new TypeError("Cannot infer the dtype of a formula of numbers");
  return expr.constant(a, like.dtype);
}

/** The number `value` in the dtype of `like`. */
export function number(value: number, like: Expr): Expr {
  return expr.constant(value, like.dtype);
}

/** -x */
export const neg: Unary = unary("neg");
/** |x| */
export const abs: Unary = unary("abs");
/** e^x */
export const exp: Unary = unary("exp");
/** e^x - 1 */
export const expm1: Unary = unary("expm1");
/** ln x */
export const log: Unary = unary("log");
/** ln(1 + x) */
export const log1p: Unary = unary("log1p");
/** tanh x */
export const tanh: Unary = unary("tanh");
/** √x */
export const sqrt: Unary = unary("sqrt");
/** 1 / √x */
export const rsqrt: Unary = unary("rsqrt");
/** erf x */
export const erf: Unary = unary("erf");
/** ⌊x⌋ */
export const floor: Unary = unary("floor");
/** ⌈x⌉ */
export const ceil: Unary = unary("ceil");
/** x without its fraction */
export const trunc: Unary = unary("trunc");
/** x rounded, halves to even */
export const round: Unary = unary("round");
/** !x of a bool, ~x of an integer */
export const not: Unary = unary("not");

/** a + b */
export const add: Binary = binary("add");
/** a - b */
export const sub: Binary = binary("sub");
/** a * b */
export const mul: Binary = binary("mul");
/** a / b; truncated for integers */
export const div: Binary = binary("div");
/** The remainder of a / b with the sign of a. */
export const mod: Binary = binary("mod");
/** The larger; NaN if one is. */
export const max: Binary = binary("max");
/** The smaller; NaN if one is. */
export const min: Binary = binary("min");
/** a^b */
export const pow: Binary = binary("pow");
/** a && b of bools, a & b of integers */
export const and: Binary = binary("and");
/** a || b of bools, a | b of integers */
export const or: Binary = binary("or");
/** a ^ b */
export const xor: Binary = binary("xor");
/** a << b */
export const shl: Binary = binary("shl");
/** a >> b */
export const shr: Binary = binary("shr");
/** a == b */
export const eq: Binary = binary("eq");
/** a != b */
export const ne: Binary = binary("ne");
/** a < b */
export const lt: Binary = binary("lt");
/** a <= b */
export const le: Binary = binary("le");

/** a > b */
export function gt(a: Part, b: Part): Expr {
  return lt(b, a);
}

/** a >= b */
export function ge(a: Part, b: Part): Expr {
  return le(b, a);
}

/** a where the condition holds, else b. */
export function where(condition: Expr, a: Part, b: Part): Expr {
  return expr.where(condition, lift(a, b), lift(b, a));
}

/** Whether x is NaN. */
export function isnan(x: Expr): Expr {
  return expr.isnan(x);
}

/** Whether x is infinite. */
export function isinf(x: Expr): Expr {
  return isFloat(x.dtype) ? eq(abs(x), Infinity) : expr.constant(0, "bool");
}

/** x² */
export function square(x: Expr): Expr {
  return mul(x, x);
}

/** 1 / (1 + e^-x) */
export function sigmoid(x: Expr): Expr {
  return div(1, add(1, exp(neg(x))));
}

/** ln(1 + e^x), without overflow. */
export function softplus(x: Expr): Expr {
  return add(max(x, 0), log1p(exp(neg(abs(x)))));
}

/** -1, 0 or 1; 0 for NaN. */
export function sign(x: Expr): Expr {
  return where(gt(x, 0), 1, where(lt(x, 0), number(-1, x), 0));
}
