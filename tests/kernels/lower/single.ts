/**
 * Runs float32 expressions of basic operations as a target without, or with, fused multiply-add would: every step rounded.
 *
 * @module
 */

import { type Expr, walk } from "../../../kernels/ir/expr.ts";

/** A function of the operands of a formula. */
export type Compiled = (x: number, y: number) => number;

/** `e` as a JavaScript function that rounds each step to float32; `fused` contracts a * b + c into one rounding. */
export function compile(e: Expr, fused: boolean): Compiled {
  const lines: string[] = [];
  const name = (e: Expr) => `t${e.id}`;
  walk([e], (e) => lines.push(`const ${name(e)} = ${spell(e, fused, name)};`));
  return new Function("S", `return (x, y) => { ${lines.join("\n")} return ${name(e)}; }`)(support) as Compiled;
}

const view = new DataView(new ArrayBuffer(4));

const support = {
  /** Half to even. */
  round(x: number): number {
    const r = Math.round(x);
    return Math.abs(x % 1) === 0.5 && r % 2 !== 0 ? r - 1 : r === 0 && x < 0 ? -0 : r;
  },
  bits(x: number): number {
    view.setFloat32(0, x);
    return view.getInt32(0);
  },
  float(x: number): number {
    view.setInt32(0, x);
    return view.getFloat32(0);
  },
  /** Saturates, as WebAssembly and WGSL do. */
  toInt(x: number): number {
    return Math.max(-2147483648, Math.min(2147483647, Math.trunc(x))) | 0;
  },
};

function spell(e: Expr, fused: boolean, name: (e: Expr) => string): string {
  const [a, b, c] = e.args.map(name) as [string, string, string];
  const f = (s: string) => e.dtype === "float32" ? `Math.fround(${s})` : e.dtype === "bool" ? `+(${s})` : `(${s}) | 0`;
  switch (e.op) {
    case "const":
      return Object.is(e.value, -0) ? "-0" : `${e.value}`;
    case "arg":
      return e.slot === 0 ? "x" : "y";
    case "add": {
      const product = e.args.find((a) => a.op === "mul");
      if (!fused || e.dtype !== "float32" || product === undefined) return f(`${a} + ${b}`);
      const [p, q] = product.args.map(name);
      return f(`${p} * ${q} + ${product === e.args[0] ? b : a}`);
    }
    case "sub":
      return f(`${a} - ${b}`);
    case "mul":
      return e.dtype === "float32" ? f(`${a} * ${b}`) : `Math.imul(${a}, ${b})`;
    case "div":
      return f(`${a} / ${b}`);
    case "neg":
      return f(`-${a}`);
    case "abs":
      return `Math.abs(${a})`;
    case "sqrt":
      return f(`Math.sqrt(${a})`);
    case "floor":
    case "trunc":
      return `Math.${e.op}(${a})`;
    case "round":
      return `S.round(${a})`;
    case "sinFar":
    case "cosFar":
    case "tanFar":
      return f(`Math.${e.op.slice(0, 3)}(${a})`);
    case "max":
    case "min":
      return `Math.${e.op}(${a}, ${b})`;
    case "eq":
      return f(`${a} === ${b}`);
    case "ne":
      return f(`${a} !== ${b}`);
    case "lt":
      return f(`${a} < ${b}`);
    case "le":
      return f(`${a} <= ${b}`);
    case "and":
      return f(`${a} & ${b}`);
    case "or":
      return f(`${a} | ${b}`);
    case "xor":
      return f(`${a} ^ ${b}`);
    case "not":
      return e.dtype === "bool" ? `1 - ${a}` : `~${a}`;
    case "shl":
      return f(`${a} << ${b}`);
    case "shr":
      return f(`${a} >> ${b}`);
    case "isnan":
      return f(`Number.isNaN(${a})`);
    case "where":
      return `${a} ? ${b} : ${c}`;
    case "cast":
      return e.dtype === "int32" ? `S.toInt(${a})` : f(a);
    case "bitcast":
      return e.dtype === "int32" ? `S.bits(${a})` : `S.float(${a})`;
    default:
      throw new TypeError(`${e.op} of ${e.dtype} is no basic operation`);
  }
}
