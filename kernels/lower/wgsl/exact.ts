/**
 * What compilers of shaders must not simplify. WGSL lets them do with floats as if these were real numbers, none of them NaN or infinite:
 * a - a becomes 0, (a + b) - a becomes b, √a · √a becomes |a|, 0 / a becomes 0, and 0 · a in a sum is left out. PyTorch's results are
 * others, and a NaN would vanish. They cannot do it to bits that they do not know: an operand is combined with a run-time number that is
 * always 0.
 *
 * @module
 */

import { type DType, isFloat } from "../../ir/dtype.ts";
import { acc, cast, type Expr, walk, withArgs } from "../../ir/expr.ts";
import type { Module } from "./module.ts";
import { valueType, type Width } from "./types.ts";
import type { Writer } from "./writer.ts";

/** The operands of `e`, already spelled, with one of them kept from a simplification that would change the result. */
export function exact(e: Expr, args: readonly string[], width: Width, module: Module): readonly string[] {
  if (!simplifies(e)) return args;
  const [a, b] = args as [string, string];
  return [a, kept(e.dtype, b, width, module)];
}

/** A float that compilers do not know; any other value as it is. */
export function kept(dtype: DType, text: string, width: Width, module: Module): string {
  if (!isFloat(dtype)) return text;
  const call = (x: string) => `${module.helper("kept", width)}(${x}, ${module.number("zero", 0)})`;
  return dtype === "float16"
    ? `${valueType("float16", width)}(${call(`${valueType("float32", width)}(${text})`)})`
    : call(text);
}

const known = new WeakMap<Expr, boolean>();

function simplifies(e: Expr): boolean {
  if (!isFloat(e.dtype) || (e.op !== "add" && e.op !== "sub" && e.op !== "mul")) return false;
  let result = known.get(e);
  if (result === undefined) {
    const [a, b] = e.args as [Expr, Expr];
    if (e.op === "mul") result = a === b && a.op === "sqrt";
    else {
      const left = terms(a, false), right = terms(b, e.op === "sub");
      result = [...right.subtracted].some((x) => left.added.has(x)) ||
        [...right.added].some((x) => left.subtracted.has(x));
    }
    known.set(e, result);
  }
  return result;
}

interface Terms {
  readonly added: Set<Expr>;
  readonly subtracted: Set<Expr>;
}

/** What a sum of sums and differences adds and subtracts, partial sums included. */
function terms(e: Expr, negative: boolean, found: Terms = { added: new Set(), subtracted: new Set() }): Terms {
  const same = negative ? found.subtracted : found.added;
  if (same.has(e)) return found;
  same.add(e);
  if (e.op === "neg") return terms(e.args[0]!, !negative, found);
  if (e.op !== "add" && e.op !== "sub") return found;
  terms(e.args[0]!, negative, found);
  return terms(e.args[1]!, negative !== (e.op === "sub"), found);
}

/** Zero, in an operand of a contraction. */
const ZERO = acc(-1, "float32");

/** An operand of a contraction with zeros, where a mask leaves elements out, that are numbers to multiply by. */
export function withZeros(e: Expr, memo: Map<Expr, Expr> = new Map()): Expr {
  let result = memo.get(e);
  if (result === undefined) {
    const args = e.args.map((a, i) => {
      const left = e.op === "where" && i > 0 && isFloat(a.dtype) && a.op === "const" && a.value === 0;
      return left ? cast(a.dtype, ZERO) : withZeros(a, memo);
    });
    result = withArgs(e, args);
    memo.set(e, result);
  }
  return result;
}

/** Says what the zeros in these operands are. */
export function bindZeros(w: Writer, operands: readonly Expr[]): void {
  let used = false;
  walk(operands, (e) => used ||= e === ZERO);
  if (used) w.bindAccumulator(ZERO.slot, `bitcast<f32>(${w.module.number("zero", 0)})`);
}
