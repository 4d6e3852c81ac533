/**
 * The one table of expressions: equal expressions are the same object.
 *
 * Expressions of kernels, which are made while graphs are scheduled and lowered, are forgotten when there are many of them, together with
 * everything in caches that refers to them; formulas and index maps, made while a user's operations are recorded, stay.
 *
 * @module
 */

import type { DType } from "./dtype.ts";
import { clearExpressionCaches } from "./expression_cache.ts";

/** Operations of one operand whose result has the operand's dtype. */
export type UnaryOp =
  | "neg"
  | "abs"
  | "exp"
  | "expm1"
  | "log"
  | "log1p"
  | "log2"
  | "log10"
  | "exp2"
  | "sin"
  | "cos"
  | "tan"
  | "sinFar"
  | "cosFar"
  | "tanFar"
  | "asin"
  | "acos"
  | "atan"
  | "sinh"
  | "cosh"
  | "tanh"
  | "asinh"
  | "acosh"
  | "atanh"
  | "sqrt"
  | "rsqrt"
  | "erf"
  | "erfc"
  | "erfinv"
  | "lgamma"
  | "digamma"
  | "floor"
  | "ceil"
  | "trunc"
  | "round"
  | "not";

/** Operations of two operands of one dtype; the comparisons give bool. */
export type BinaryOp =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "mod"
  | "max"
  | "min"
  | "pow"
  | "atan2"
  | "and"
  | "or"
  | "xor"
  | "shl"
  | "shr"
  | "eq"
  | "ne"
  | "lt"
  | "le";

/**
 * What an expression is.
 *
 * `sinFar`, `cosFar` and `tanFar` are for float32 beyond what a formula can reduce; kernels get them from `sin` and its kin.
 *
 * Leaves: `const`; `var` (loop variable `slot`, running from 0 to `value` - 1); `arg` (operand `slot` of a formula); `load` (element
 * `args[0]` of binding `slot`); `scalar` (run-time number `slot`); `acc` (result of reduction `slot`). `isnan` gives bool. `check`
 * is `args[0]` if it lies in [0, `value`), else 0, and then raises flag `slot` of the kernel.
 */
export type ExprOp =
  | UnaryOp
  | BinaryOp
  | "const"
  | "var"
  | "arg"
  | "load"
  | "scalar"
  | "acc"
  | "isnan"
  | "where"
  | "cast"
  | "bitcast"
  | "check";

/** One node of a scalar expression. Made only by the functions of this module; compare with `===`. */
export interface Expr {
  /** Unique among live expressions; grows, so operands have smaller ids than what they are used in. */
  readonly id: number;
  readonly op: ExprOp;
  readonly dtype: DType;
  readonly args: readonly Expr[];
  /** Which variable, operand, binding, scalar, reduction or flag; 0 elsewhere. */
  readonly slot: number;
  /** The constant, a variable's extent, a check's limit, what an index argument or scalar stays below; 0 elsewhere. */
  readonly value: number;
}

/** Expressions of kernels that are kept. */
const MOST_KEPT = 400_000;

type Tables = Partial<Record<ExprOp, Partial<Record<DType, Map<string | number, Expr>>>>>;

/** One operand and at most a slot, two operands and nothing else: by operation and dtype, then by numbers. Everything else by text. */
let unaries: Tables = {};
let binaries: Tables = {};
let others = new Map<string | number, Expr>();

/** Made outside of any schedule. */
const lasting = new Set<Expr>();

let nextId = 0;
let kept = 0;
/** How deep schedules are nested. */
let depth = 0;

/** Slots and operands' numbers are below these where keys are numbers, so that these are exact. */
const SLOTS = 2 ** 20, NUMBERS = 2 ** 26;

/** Where an expression is or goes, as `locate` found it. */
let table: Map<string | number, Expr>;
let key: string | number;

/** The one expression with these fields; no simplification. */
export function intern(op: ExprOp, dtype: DType, args: readonly Expr[], slot = 0, value = 0): Expr {
  locate(op, dtype, args, slot, value);
  let e = table.get(key);
  if (e === undefined) {
    e = { id: nextId++, op, dtype, args, slot, value };
    table.set(key, e);
    kept++;
  }
  if (depth === 0) lasting.add(e);
  return e;
}

function locate(op: ExprOp, dtype: DType, args: readonly Expr[], slot: number, value: number): void {
  const [a, b] = args;
  if (args.length === 1 && value === 0 && slot < SLOTS) {
    table = tableOf(unaries, op, dtype);
    key = a!.id * SLOTS + slot;
  } else if (args.length === 2 && value === 0 && slot === 0 && a!.id < NUMBERS && b!.id < NUMBERS) {
    table = tableOf(binaries, op, dtype);
    key = a!.id * NUMBERS + b!.id;
  } else {
    table = others;
    key = `${op} ${dtype} ${slot} ${Object.is(value, -0) ? "-0" : value}`;
    for (const a of args) key += ` ${a.id}`;
  }
}

function tableOf(tables: Tables, op: ExprOp, dtype: DType): Map<string | number, Expr> {
  const byType = tables[op] ??= {};
  return byType[dtype] ??= new Map();
}

/** Runs what makes expressions of kernels; before it, those of earlier schedules may be forgotten. */
export function scheduling<T>(make: () => T): T {
  if (depth === 0 && kept - lasting.size > MOST_KEPT) forget();
  depth++;
  try {
    return make();
  } finally {
    depth--;
  }
}

/** Keeps lasting expressions alone. */
function forget(): void {
  clearExpressionCaches();
  unaries = {};
  binaries = {};
  others = new Map();
  for (const e of lasting) {
    locate(e.op, e.dtype, e.args, e.slot, e.value);
    table.set(key, e);
  }
  kept = lasting.size;
}
