/**
 * Scalar expressions: what a kernel computes for one element.
 *
 * An expression is immutable and hash-consed, so equal expressions are the same object, a kernel's text is canonical, and a
 * common subexpression is found by identity. The constructors here fold constants and apply the rules that hold for every
 * value, NaN included; index arithmetic (int32) goes through `index.ts`.
 *
 * Semantics are PyTorch's: `max` and `min` propagate NaN, `div` of integers truncates and `mod` takes the dividend's sign, `round`
 * goes to even, `cast` to bool tests for non-zero, comparisons give bool. `and`, `or`, `xor`, `not` are logical on bool and bitwise
 * on integers.
 *
 * @module
 */

import { type DType, isFloat, roundTo } from "./dtype.ts";
import { type BinaryOp, type Expr, type ExprOp, intern, type UnaryOp } from "./intern.ts";
import { addIndex, divIndex, mulIndex, range } from "./index.ts";
import { modIndex } from "./index.ts";
import { foldBinary, foldBitcast, foldUnary } from "./fold.ts";

export { type BinaryOp, type Expr, type ExprOp, intern, type UnaryOp } from "./intern.ts";

/** The number `value` in `dtype`, rounded to it. */
export function constant(value: number, dtype: DType): Expr {
  return intern("const", dtype, [], 0, roundTo(dtype, value));
}

/** An int32 constant, for index arithmetic. */
export function int(value: number): Expr {
  return constant(value, "int32");
}

/** Loop variable `slot`, an int32 from 0 to `extent` - 1; the constant 0 where only that is possible. */
export function variable(slot: number, extent: number): Expr {
  return extent === 1 ? int(0) : intern("var", "int32", [], slot, extent);
}

/** Operand `slot` of a formula; an int32 known to lie in [0, `limit`) where a limit is given. */
export function arg(slot: number, dtype: DType, limit = 0): Expr {
  return intern("arg", dtype, [], slot, limit);
}

/** Element `index` of binding `slot`. */
export function load(slot: number, dtype: DType, index: Expr): Expr {
  return intern("load", dtype, [index], slot);
}

/** Run-time number `slot`: data of the kernel, never part of its text; an int32 in [0, `limit`) where a limit is given. */
export function scalarArg(slot: number, dtype: DType, limit = 0): Expr {
  return intern("scalar", dtype, [], slot, limit);
}

/** The result of reduction `slot` of the kernel. */
export function acc(slot: number, dtype: DType): Expr {
  return intern("acc", dtype, [], slot);
}

/** `index` where 0 <= index < limit; else 0, raising flag `slot`. */
export function check(index: Expr, limit: number, slot: number): Expr {
  if (index.op === "const" && index.value >= 0 && index.value < limit) return index;
  return intern("check", "int32", [index], slot, limit);
}

/** `op` applied to `x`. */
export function unary(op: UnaryOp, x: Expr): Expr {
  if (x.op === "const") {
    const folded = foldUnary(op, x.value, x.dtype);
    if (folded !== undefined) return constant(folded, x.dtype);
  }
  if (op === "not" && x.op === "not") return x.args[0]!;
  if (op === "neg" && x.op === "neg") return x.args[0]!;
  if (op === "neg" && x.dtype === "int32") return mulIndex(x, -1);
  if (!isFloat(x.dtype) && (op === "floor" || op === "ceil" || op === "trunc" || op === "round")) return x;
  return intern(op, x.dtype, [x]);
}

const comparisons: ReadonlySet<ExprOp> = new Set(["eq", "ne", "lt", "le"]);

/** `a op b`; both must have one dtype. */
export function binary(op: BinaryOp, a: Expr, b: Expr): Expr {
  if (a.dtype !== b.dtype) throw new TypeError(`Cannot ${op} ${a.dtype} and ${b.dtype} in an expression`);
  const dtype = comparisons.has(op) ? "bool" : a.dtype;
  if (a.op === "const" && b.op === "const") {
    const folded = foldBinary(op, a.value, b.value, a.dtype);
    if (folded !== undefined) return constant(folded, dtype);
  }
  if (a.dtype === "int32") {
    const simpler = integerRule(op, a, b);
    if (simpler !== undefined) return simpler;
  } else if (a.dtype === "bool") {
    const simpler = booleanRule(op, a, b);
    if (simpler !== undefined) return simpler;
  } else if (isFloat(a.dtype)) {
    // Only what is exact for NaN, infinities and signed zeros.
    if (op === "mul" && isConst(b, 1)) return a;
    if (op === "mul" && isConst(a, 1)) return b;
    if (op === "div" && isConst(b, 1)) return a;
    if (op === "sub" && isConst(b, 0) && !Object.is(b.value, -0)) return a;
    if (op === "add" && b.op === "const" && Object.is(b.value, -0)) return a;
    if (op === "add" && a.op === "const" && Object.is(a.value, -0)) return b;
    if (op === "pow" && isConst(b, 1)) return a;
    if (op === "pow" && isConst(b, 2)) return binary("mul", a, a);
  }
  return intern(op, dtype, [a, b]);
}

function isConst(e: Expr, value: number): boolean {
  return e.op === "const" && e.value === value;
}

function integerRule(op: BinaryOp, a: Expr, b: Expr): Expr | undefined {
  switch (op) {
    case "add":
      return addIndex(a, b);
    case "sub":
      return addIndex(a, mulIndex(b, -1));
    case "mul":
      if (b.op === "const") return mulIndex(a, b.value);
      if (a.op === "const") return mulIndex(b, a.value);
      return undefined;
    case "div":
      return b.op === "const" && b.value > 0 ? divIndex(a, b.value) : undefined;
    case "mod":
      return b.op === "const" && b.value > 0 ? modIndex(a, b.value) : undefined;
    case "lt":
    case "le":
    case "eq":
    case "ne": {
      // Only of indices: a difference of the user's integers may wrap around.
      const d = range(a) && range(b) && range(addIndex(a, mulIndex(b, -1)));
      if (d === undefined) return undefined;
      const [low, high] = d;
      if (op === "lt") return high < 0 ? yes : low >= 0 ? no : undefined;
      if (op === "le") return high <= 0 ? yes : low > 0 ? no : undefined;
      const never = low > 0 || high < 0;
      const always = low === 0 && high === 0;
      if (op === "eq") return never ? no : always ? yes : undefined;
      return never ? yes : always ? no : undefined;
    }
    default:
      return undefined;
  }
}

function booleanRule(op: BinaryOp, a: Expr, b: Expr): Expr | undefined {
  if (op === "and" || op === "min" || op === "mul") {
    if (a === b || isConst(b, 1) || isConst(a, 0)) return a;
    if (isConst(a, 1) || isConst(b, 0)) return b;
  }
  if (op === "or" || op === "max") {
    if (a === b || isConst(b, 0) || isConst(a, 1)) return a;
    if (isConst(a, 0) || isConst(b, 1)) return b;
  }
  return undefined;
}

const yes = constant(1, "bool");
const no = constant(0, "bool");

/** The bool constant true. */
export const TRUE: Expr = yes;

/** `a && b` of two bools. */
export function and(a: Expr, b: Expr): Expr {
  return binary("and", a, b);
}

/** `a` where the bool `condition` holds, else `b`; both are evaluated. */
export function where(condition: Expr, a: Expr, b: Expr): Expr {
  return chosen(condition, a, b, 0);
}

/** The same where `condition` seldom holds and `a` costs much: a target may skip `a` where no element needs it. Marked by slot 1. */
export function seldom(condition: Expr, a: Expr, b: Expr): Expr {
  return chosen(condition, a, b, 1);
}

/** The same where only the chosen one may be computed: what the other loads need not be there. Marked by slot 2. */
export function branch(condition: Expr, a: Expr, b: Expr): Expr {
  return chosen(condition, a, b, 2);
}

function chosen(condition: Expr, a: Expr, b: Expr, slot: number): Expr {
  if (a.dtype !== b.dtype) throw new TypeError(`Cannot choose between ${a.dtype} and ${b.dtype} in an expression`);
  if (condition.op === "const") return condition.value ? a : b;
  if (a === b) return a;
  return intern("where", a.dtype, [condition, a, b], slot);
}

/** a * b of floats, which a target may round only with what is added to it, in one fused instruction. Marked by slot 1. */
export function fusible(a: Expr, b: Expr): Expr {
  const product = binary("mul", a, b);
  return product.op === "mul" ? intern("mul", product.dtype, product.args, 1) : product;
}

/** Whether the float `x` is NaN, as bool. */
export function isnan(x: Expr): Expr {
  if (!isFloat(x.dtype)) return no;
  if (x.op === "const") return constant(Number.isNaN(x.value) ? 1 : 0, "bool");
  return intern("isnan", "bool", [x]);
}

/** `x` converted to `dtype`: floats truncate toward zero to integers, anything but 0 is true. */
export function cast(dtype: DType, x: Expr): Expr {
  if (x.dtype === dtype) return x;
  if (x.op === "const") {
    return constant(isFloat(dtype) || dtype === "bool" ? x.value : Math.trunc(x.value), dtype);
  }
  return intern("cast", dtype, [x]);
}

/** The bits of `x` read as `dtype` of the same size (float32, int32, uint32). */
export function bitcast(dtype: DType, x: Expr): Expr {
  if (x.dtype === dtype) return x;
  if (x.op === "const") return constant(foldBitcast(x.value, x.dtype, dtype), dtype);
  return intern("bitcast", dtype, [x]);
}

/** `e` rebuilt with every operand and leaf replaced through `leaf`, which returns undefined to keep going down. */
export function rewrite(e: Expr, leaf: (e: Expr) => Expr | undefined, memo: Map<Expr, Expr> = new Map()): Expr {
  const done = memo.get(e);
  if (done !== undefined) return done;
  let result = leaf(e);
  if (result === undefined) {
    result = e;
    if (e.args.length > 0) result = withArgs(e, e.args.map((a) => rewrite(a, leaf, memo)));
  }
  memo.set(e, result);
  return result;
}

/** `e` with these operands: itself if they are its own. */
export function withArgs(e: Expr, args: readonly Expr[]): Expr {
  return args.every((a, i) => a === e.args[i]) ? e : rebuild(e, args);
}

/** `e` with other operands, simplified again. */
export function rebuild(e: Expr, args: readonly Expr[]): Expr {
  switch (e.op) {
    case "where":
      return chosen(args[0]!, args[1]!, args[2]!, e.slot);
    case "cast":
      return cast(e.dtype, args[0]!);
    case "bitcast":
      return bitcast(e.dtype, args[0]!);
    case "isnan":
      return isnan(args[0]!);
    case "load":
      return load(e.slot, e.dtype, args[0]!);
    case "check":
      return check(args[0]!, e.value, e.slot);
    case "mul":
      return e.slot === 1 ? fusible(args[0]!, args[1]!) : binary("mul", args[0]!, args[1]!);
    default:
      return args.length === 1 ? unary(e.op as UnaryOp, args[0]!) : binary(e.op as BinaryOp, args[0]!, args[1]!);
  }
}

/** Calls `visit` once for each distinct expression under the roots, operands first. */
export function walk(roots: Iterable<Expr>, visit: (e: Expr) => void): void {
  const seen = new Set<Expr>();
  const go = (e: Expr) => {
    if (seen.has(e)) return;
    seen.add(e);
    for (const a of e.args) go(a);
    visit(e);
  };
  for (const r of roots) go(r);
}
