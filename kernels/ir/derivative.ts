/**
 * Derivatives of formulas, symbolically, with PyTorch's conventions where a function has a kink or a pole.
 *
 * A derivative reuses the forward expression where it can (e^x, tanh x, sqrt x): equal expressions are one object, so a kernel that
 * needs both computes it once. What does not depend on the operand is left out rather than multiplied by 0, so no NaN leaks from it.
 *
 * @module
 */

import { isFloat } from "./dtype.ts";
import { binary, cast, constant, type Expr, unary, type UnaryOp, where } from "./expr.ts";

/** The partial derivative of `e`, a float expression, with respect to operand `slot`; the constant 0 where there is none. */
export function derivative(e: Expr, slot: number): Expr {
  const memo = new Map<Expr, Expr | undefined>();
  const d = (e: Expr): Expr | undefined => {
    if (!isFloat(e.dtype)) return undefined;
    if (!memo.has(e)) memo.set(e, nonZero(differentiate(e, slot, d)));
    return memo.get(e);
  };
  return d(e) ?? constant(0, e.dtype);
}

/** Undefined stands for a derivative that is 0 everywhere. */
function nonZero(e: Expr | undefined): Expr | undefined {
  return e?.op === "const" && e.value === 0 ? undefined : e;
}

function differentiate(e: Expr, slot: number, d: (e: Expr) => Expr | undefined): Expr | undefined {
  switch (e.op) {
    case "arg":
      return e.slot === slot ? constant(1, e.dtype) : undefined;
    case "cast": {
      const dx = d(e.args[0]!);
      return dx && cast(e.dtype, dx);
    }
    case "where": {
      const [condition, a, b] = e.args as [Expr, Expr, Expr];
      const da = d(a), db = d(b);
      if (da === undefined && db === undefined) return undefined;
      const zero = constant(0, e.dtype);
      return where(condition, da ?? zero, db ?? zero);
    }
  }
  if (e.args.length === 2) {
    const [x, y] = e.args as [Expr, Expr];
    const dx = d(x), dy = d(y);
    if (dx === undefined && dy === undefined) return undefined;
    return sum(dx && ofFirst(e, x, y, dx), dy && ofSecond(e, x, y, dy, d));
  }
  const dx = e.args.length === 1 ? d(e.args[0]!) : undefined;
  return dx && ofUnary(e, e.args[0]!, dx);
}

const add = (a: Expr, b: Expr) => binary("add", a, b);
const sub = (a: Expr, b: Expr) => binary("sub", a, b);
const mul = (a: Expr, b: Expr) => binary("mul", a, b);
const div = (a: Expr, b: Expr) => binary("div", a, b);
const neg = (x: Expr) => unary("neg", x);

function sum(a: Expr | undefined, b: Expr | undefined): Expr | undefined {
  if (a === undefined) return b;
  return b === undefined ? a : add(a, b);
}

/** What `x op y` changes by when x changes by dx. */
function ofFirst(e: Expr, x: Expr, y: Expr, dx: Expr): Expr | undefined {
  switch (e.op) {
    case "add":
    case "sub":
    case "mod":
      return dx;
    case "mul":
      return mul(dx, y);
    case "div":
      return div(dx, y);
    case "max":
      return unlessLoses(dx, x, y, binary("lt", x, y));
    case "min":
      return unlessLoses(dx, x, y, binary("lt", y, x));
    case "pow":
      return powBase(x, y, dx);
    case "atan2":
      return mul(dx, div(y, add(mul(x, x), mul(y, y))));
    default:
      return undefined;
  }
}

/** What `x op y` changes by when y changes by dy. */
function ofSecond(e: Expr, x: Expr, y: Expr, dy: Expr, d: (e: Expr) => Expr | undefined): Expr | undefined {
  switch (e.op) {
    case "add":
      return dy;
    case "sub":
      return neg(dy);
    case "mul":
      return mul(dy, x);
    case "div": {
      // x / (1 + e^u), a sigmoid or x times one: e^u may overflow, but e^u / (1 + e^u) need not be formed.
      const u = exponentOfLogistic(y);
      if (u !== undefined) return neg(mul(mul(e, sub(constant(1, e.dtype), div(constant(1, e.dtype), y))), d(u)!));
      return neg(mul(div(e, y), dy));
    }
    case "mod":
      return neg(mul(unary("trunc", div(x, y)), dy));
    case "max":
      return unlessLoses(dy, x, y, binary("lt", y, x));
    case "min":
      return unlessLoses(dy, x, y, binary("lt", x, y));
    case "pow": {
      const zero = constant(0, e.dtype);
      const flat = binary("and", binary("eq", x, zero), binary("le", zero, y));
      return where(flat, zero, mul(dy, mul(e, unary("log", x))));
    }
    case "atan2":
      return neg(mul(dy, div(x, add(mul(x, x), mul(y, y)))));
    default:
      return undefined;
  }
}

/** `d` for the operand that max or min takes, half of it in a tie. */
function unlessLoses(d: Expr, x: Expr, y: Expr, loses: Expr): Expr {
  const half = mul(d, constant(0.5, d.dtype));
  return where(binary("eq", x, y), half, where(loses, constant(0, d.dtype), d));
}

function powBase(x: Expr, y: Expr, dx: Expr): Expr | undefined {
  const zero = constant(0, y.dtype);
  const slope = mul(dx, mul(y, binary("pow", x, sub(y, constant(1, y.dtype)))));
  return where(binary("eq", y, zero), zero, slope);
}

/** u where `y` is 1 + e^u. */
function exponentOfLogistic(y: Expr): Expr | undefined {
  if (y.op !== "add") return undefined;
  const [a, b] = y.args as [Expr, Expr];
  if (a.op === "const" && a.value === 1 && b.op === "exp") return b.args[0]!;
  if (b.op === "const" && b.value === 1 && a.op === "exp") return a.args[0]!;
}

function ofUnary(e: Expr, x: Expr, dx: Expr): Expr | undefined {
  const of = (value: number) => constant(value, e.dtype);
  const apply = (op: UnaryOp) => unary(op, x);
  const one = of(1);
  switch (e.op) {
    case "neg":
      return neg(dx);
    case "abs":
      return where(binary("lt", of(0), x), dx, where(binary("lt", x, of(0)), neg(dx), of(0)));
    case "exp":
      return mul(dx, e);
    case "exp2":
      return mul(dx, mul(e, of(Math.LN2)));
    case "expm1":
      return mul(dx, add(e, one));
    case "log":
      return div(dx, x);
    case "log2":
      return div(dx, mul(x, of(Math.LN2)));
    case "log10":
      return div(dx, mul(x, of(Math.LN10)));
    case "log1p":
      return div(dx, add(x, one));
    case "sin":
      return mul(dx, apply("cos"));
    case "cos":
      return neg(mul(dx, apply("sin")));
    case "tan":
      return mul(dx, add(mul(e, e), one));
    case "asin":
      return mul(dx, unary("rsqrt", sub(one, mul(x, x))));
    case "acos":
      return neg(mul(dx, unary("rsqrt", sub(one, mul(x, x)))));
    case "atan":
      return div(dx, add(mul(x, x), one));
    case "sinh":
      return mul(dx, apply("cosh"));
    case "cosh":
      return mul(dx, apply("sinh"));
    case "tanh":
      return mul(dx, sub(one, mul(e, e)));
    case "asinh":
      return mul(dx, unary("rsqrt", add(mul(x, x), one)));
    case "acosh":
      return mul(dx, unary("rsqrt", sub(mul(x, x), one)));
    case "atanh":
      return div(dx, sub(one, mul(x, x)));
    case "sqrt":
      return div(dx, mul(e, of(2)));
    case "rsqrt":
      return mul(dx, mul(of(-0.5), mul(e, mul(e, e))));
    case "erf":
      return mul(dx, gaussian(x, 2 / Math.sqrt(Math.PI)));
    case "erfc":
      return mul(dx, gaussian(x, -2 / Math.sqrt(Math.PI)));
    case "erfinv":
      return mul(dx, mul(of(Math.sqrt(Math.PI) / 2), unary("exp", mul(e, e))));
    case "lgamma":
      return mul(dx, apply("digamma"));
    case "digamma":
      return mul(dx, trigamma(x));
    default:
      return undefined;
  }
}

/** scale * e^(-x²). */
function gaussian(x: Expr, scale: number): Expr {
  return mul(constant(scale, x.dtype), unary("exp", neg(mul(x, x))));
}

/** The second derivative of log Γ: reflected to x >= 1/2, shifted up by 6, then its asymptotic series. */
function trigamma(x: Expr): Expr {
  const of = (value: number) => constant(value, x.dtype);
  const one = of(1);
  const reflected = binary("lt", x, of(0.5));
  let y = where(reflected, sub(one, x), x);
  let total = of(0);
  for (let i = 0; i < 6; i++) {
    total = add(total, div(one, mul(y, y)));
    y = add(y, one);
  }
  const z = div(one, mul(y, y));
  const series = [-1 / 30, 1 / 42, -1 / 30].reduceRight((s, c) => add(mul(s, z), of(c)), of(5 / 66));
  const tail = add(add(div(of(0.5), y), one), mul(z, add(mul(z, series), of(1 / 6))));
  const upper = add(total, div(tail, y));
  const s = unary("sin", mul(x, of(Math.PI)));
  return where(reflected, sub(div(of(Math.PI ** 2), mul(s, s)), upper), upper);
}
