/**
 * Evaluates expressions in plain double precision: the meaning of every operation of `expr.ts`, spelled out.
 *
 * Floats of any width are computed in float64 and, unless asked for, not rounded; integers and bools wrap as their dtype does. `where` evaluates only the
 * branch it takes, so a load may lie out of bounds in the other.
 *
 * @module
 */

import { type DType, isFloat, roundTo } from "./dtype.ts";
import type { Expr } from "./expr.ts";
import { foldBitcast, roundHalfEven } from "./fold.ts";
import { digamma, erf, erfc, erfinv, lgamma } from "./special.ts";

/** What the leaves of an expression stand for. Only what the expression uses is needed. */
export interface Environment {
  /** Operands of a formula. */
  readonly args?: ArrayLike<number>;
  /** Loop variables. */
  readonly variables?: ArrayLike<number>;
  /** Run-time numbers. */
  readonly scalars?: ArrayLike<number>;
  /** Results of reductions. */
  readonly accumulators?: ArrayLike<number>;
  /** Element `index` of binding `slot`. */
  load?(slot: number, index: number): number;
  /** Notes that the check of flag `slot` met `value`, which is out of its range. */
  raise?(slot: number, value: number): void;
}

/** The value of `e`. */
export function evaluate(e: Expr, environment: Environment): number {
  return evaluator(e)(environment);
}

interface Context {
  environment: Environment;
  run: number;
}

/**
 * A function that gives the value of `e` in an environment; cheaper than `evaluate` for many of them. `round`: every float is rounded
 * to its dtype at once, as a device does.
 */
export function evaluator(e: Expr, round = false): (environment: Environment) => number {
  const context: Context = { environment: {}, run: 0 };
  const made = new Map<Expr, () => number>();
  const make = (e: Expr): () => number => {
    let f = made.get(e);
    if (f === undefined) {
      const exact = operation(e, e.args.map(make), context);
      f = once(round && isFloat(e.dtype) ? () => roundTo(e.dtype, exact()) : exact, context);
      made.set(e, f);
    }
    return f;
  };
  const root = make(e);
  return (environment) => {
    context.environment = environment;
    context.run++;
    return root();
  };
}

/** Computes a shared subexpression once in each run. */
function once(f: () => number, context: Context): () => number {
  let run = -1, value = 0;
  return () => {
    if (run !== context.run) {
      value = f();
      run = context.run;
    }
    return value;
  };
}

function element(array: ArrayLike<number> | undefined, slot: number, e: Expr): number {
  const value = array?.[slot];
  if (value === undefined) throw new TypeError(`The environment has no ${e.op} ${slot}`);
  return value;
}

function operation(e: Expr, args: readonly (() => number)[], context: Context): () => number {
  const { slot, value, dtype } = e;
  switch (e.op) {
    case "const":
      return () => value;
    case "arg":
      return () => element(context.environment.args, slot, e);
    case "var":
      return () => element(context.environment.variables, slot, e);
    case "scalar":
      return () => element(context.environment.scalars, slot, e);
    case "acc":
      return () => element(context.environment.accumulators, slot, e);
    case "load":
      return () => {
        const { environment } = context;
        if (environment.load === undefined) throw new TypeError("The environment has no bindings");
        return environment.load(slot, args[0]!());
      };
    case "check":
      return () => {
        const index = args[0]!();
        if (index >= 0 && index < value) return index;
        context.environment.raise?.(slot, index);
        return 0;
      };
    case "where":
      return () => args[0]!() !== 0 ? args[1]!() : args[2]!();
    case "isnan":
      return () => Number.isNaN(args[0]!()) ? 1 : 0;
    case "cast":
      return () => convert(args[0]!(), e.args[0]!.dtype, dtype);
    case "bitcast":
      return () => foldBitcast(args[0]!(), e.args[0]!.dtype, dtype);
  }
  const [a, b] = args as [() => number, () => number];
  if (args.length === 1) {
    const f = unaries[e.op];
    if (f === undefined) throw new TypeError(`No unary operation ${e.op}`);
    return isFloat(dtype) ? () => f(a()) : () => roundTo(dtype, f(a(), dtype));
  }
  const f = binaries[e.op];
  if (f === undefined) throw new TypeError(`No binary operation ${e.op}`);
  const operand = e.args[0]!.dtype;
  return isFloat(dtype) ? () => f(a(), b(), operand) : () => roundTo(dtype, f(a(), b(), operand));
}

const unaries: Record<string, (x: number, dtype?: DType) => number> = {
  neg: (x) => -x,
  abs: Math.abs,
  exp: Math.exp,
  expm1: Math.expm1,
  exp2: (x) => 2 ** x,
  log: Math.log,
  log1p: Math.log1p,
  log2: Math.log2,
  log10: Math.log10,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  sinFar: Math.sin,
  cosFar: Math.cos,
  tanFar: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  sqrt: Math.sqrt,
  rsqrt: (x) => 1 / Math.sqrt(x),
  erf,
  erfc,
  erfinv,
  lgamma,
  digamma,
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
  round: roundHalfEven,
  not: (x, dtype) => dtype === "bool" ? 1 - x : ~x,
};

const binaries: Record<string, (a: number, b: number, dtype: DType) => number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b, dtype) => isFloat(dtype) ? a * b : Math.imul(a, b),
  div: (a, b, dtype) => isFloat(dtype) ? a / b : Math.trunc(a / b),
  mod: (a, b) => a % b,
  max: (a, b) => Math.max(a, b),
  min: (a, b) => Math.min(a, b),
  pow,
  atan2: Math.atan2,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b) => a << b,
  shr: (a, b, dtype) => dtype === "int32" ? a >> b : a >>> b,
  eq: (a, b) => a === b ? 1 : 0,
  ne: (a, b) => a !== b ? 1 : 0,
  lt: (a, b) => a < b ? 1 : 0,
  le: (a, b) => a <= b ? 1 : 0,
};

/** C's pow, which gives 1 where JavaScript's gives NaN: for 1 to any power, and for -1 to an infinite one. */
function pow(x: number, y: number): number {
  if (x === 1 || (x === -1 && Math.abs(y) === Infinity)) return 1;
  return x ** y;
}

/** `x` of dtype `from` as `to`. Floats truncate to integers, and what does not fit an int32 or uint32 saturates. */
export function convert(x: number, from: DType, to: DType): number {
  if (isFloat(to)) return x;
  if (to === "bool") return x === 0 ? 0 : 1;
  if (!isFloat(from)) return roundTo(to, x);
  if (to === "uint32") return Math.min(4294967295, Math.max(0, Math.trunc(x))) >>> 0;
  return roundTo(to, Math.min(2147483647, Math.max(-2147483648, Math.trunc(x))));
}
