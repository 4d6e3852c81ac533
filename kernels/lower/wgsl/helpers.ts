/**
 * WGSL functions for what the language says differently from PyTorch: maxima that keep NaN, division by zero, exact remainders,
 * integer powers, checked indices. A module contains those that it calls.
 *
 * @module
 */

import type { Width } from "./types.ts";

/** A helper function. */
export type Helper =
  | "isNan"
  | "maxFloat"
  | "minFloat"
  | "divInt"
  | "divUint"
  | "modInt"
  | "modUint"
  | "modFloat"
  | "powInt"
  | "powUint"
  | "checked";

/** Types of a helper's width. */
interface Names {
  readonly F: string;
  readonly I: string;
  readonly U: string;
  readonly B: string;
  readonly call: (helper: Helper) => string;
}

interface Source {
  readonly calls?: readonly Helper[];
  /** Text of a function of any width. */
  readonly any?: (t: Names) => string;
  /** Text of a function that exists for scalars only, and is applied to the components of a vector one by one. */
  readonly scalar?: string;
  readonly parameters?: readonly string[];
  /** How many of the parameters are vectors in the vector form. */
  readonly vectors?: number;
  readonly result?: string;
}

const sources: Record<Helper, Source> = {
  // By the bits, since compilers may assume that x == x.
  isNan: {
    any: ({ F, U, B }) =>
      `(x: ${F}) -> ${B} {\n  return (bitcast<${U}>(x) & ${U}(0x7fffffffu)) > ${U}(0x7f800000u);\n}`,
  },
  maxFloat: { calls: ["isNan"], any: (t) => extremum(t, ">") },
  minFloat: { calls: ["isNan"], any: (t) => extremum(t, "<") },
  divInt: { any: ({ I }) => `(a: ${I}, b: ${I}) -> ${I} {\n  return select(a / b, ${I}(0i), b == ${I}(0i));\n}` },
  divUint: { any: ({ U }) => `(a: ${U}, b: ${U}) -> ${U} {\n  return select(a / b, ${U}(0u), b == ${U}(0u));\n}` },
  modInt: { any: ({ I }) => `(a: ${I}, b: ${I}) -> ${I} {\n  return select(a % b, ${I}(0i), b == ${I}(0i));\n}` },
  modUint: { any: ({ U }) => `(a: ${U}, b: ${U}) -> ${U} {\n  return select(a % b, ${U}(0u), b == ${U}(0u));\n}` },
  modFloat: {
    parameters: ["x: f32", "y: f32"],
    vectors: 2,
    result: "f32",
    // Long division of the mantissas, eight binary digits a step: WGSL's own % is x - y * trunc(x / y), which is far off for large
    // quotients. The first 32 without a loop, since software adapters count the steps of all loops of an invocation, and leave off
    // after 65,535.
    scalar: `{
  let ux = bitcast<u32>(x);
  let uy = bitcast<u32>(y) & 0x7fffffffu;
  if (uy == 0u || uy > 0x7f800000u || (ux & 0x7f800000u) == 0x7f800000u) { return bitcast<f32>(NOT_A_NUMBER); }
  let magnitude = ux & 0x7fffffffu;
  if (magnitude < uy) { return x; }
  let sign = ux & 0x80000000u;
  var ex = i32(magnitude >> 23u);
  var ey = i32(uy >> 23u);
  var mx = magnitude & 0x7fffffu;
  var my = uy & 0x7fffffu;
  if (ex == 0) {
    let shift = countLeadingZeros(mx) - 8u;
    mx <<= shift;
    ex = 1 - i32(shift);
  } else { mx |= 0x800000u; }
  if (ey == 0) {
    let shift = countLeadingZeros(my) - 8u;
    my <<= shift;
    ey = 1 - i32(shift);
  } else { my |= 0x800000u; }
  mx %= my;
${"  if (ex > ey) { DIVIDE }\n".repeat(4)}  while (ex > ey) { DIVIDE }
  if (mx == 0u) { return bitcast<f32>(sign); }
  let shift = countLeadingZeros(mx) - 8u;
  mx <<= shift;
  ex -= i32(shift);
  if (ex > 0) { return bitcast<f32>(sign | (u32(ex) << 23u) | (mx & 0x7fffffu)); }
  return bitcast<f32>(sign | (mx >> u32(1 - ex)));
}`.replaceAll("DIVIDE", "let digits = min(ex - ey, 8); mx = (mx << u32(digits)) % my; ex -= digits;"),
  },
  powInt: {
    parameters: ["base: i32", "exponent: i32"],
    vectors: 2,
    result: "i32",
    scalar: `{
  if (exponent < 0) {
    if (base == 1) { return 1; }
    if (base == -1) { return select(1, -1, (exponent & 1) == 1); }
    return 0;
  }
  var power = 1i;
  var square = base;
  for (var e = exponent; e > 0; e >>= 1u) {
    if ((e & 1) == 1) { power *= square; }
    square *= square;
  }
  return power;
}`,
  },
  powUint: {
    parameters: ["base: u32", "exponent: u32"],
    vectors: 2,
    result: "u32",
    scalar: `{
  var power = 1u;
  var square = base;
  for (var e = exponent; e > 0u; e >>= 1u) {
    if ((e & 1u) == 1u) { power *= square; }
    square *= square;
  }
  return power;
}`,
  },
  checked: {
    parameters: ["i: i32", "limit: i32", "flag: u32"],
    vectors: 1,
    result: "i32",
    // The largest offender as unsigned is reported, so that the message is the same in every run.
    scalar: `{
  let u = bitcast<u32>(i);
  if (u < u32(limit)) { return i; }
  atomicStore(&flags[2u * flag], 1u);
  atomicMax(&flags[2u * flag + 1u], u);
  return 0i;
}`,
  },
};

function extremum({ F, call }: Names, compare: string): string {
  const nan = call("isNan");
  return `(a: ${F}, b: ${F}) -> ${F} {
  return select(select(b, a, a ${compare} b), a + b, ${nan}(a) | ${nan}(b));
}`;
}

const names: Record<Width, Names> = {
  1: { F: "f32", I: "i32", U: "u32", B: "bool", call: (h) => h },
  4: { F: "vec4<f32>", I: "vec4<i32>", U: "vec4<u32>", B: "vec4<bool>", call: (h) => `${h}4` },
};

/** Adds to `text` the functions that `helper` of this width needs, by name; gives the name to call. */
export function addHelper(text: Map<string, string>, helper: Helper, width: Width): string {
  const name = names[width].call(helper);
  if (text.has(name)) return name;
  const source = sources[helper];
  for (const called of source.calls ?? []) addHelper(text, called, width);
  if (source.any !== undefined) text.set(name, `fn ${name}${source.any(names[width])}`);
  else if (width === 1) {
    text.set(name, `fn ${name}(${source.parameters!.join(", ")}) -> ${source.result!} ${source.scalar!}`);
  } else text.set(name, componentwise(name, addHelper(text, helper, 1), source));
  return name;
}

function componentwise(name: string, scalar: string, source: Source): string {
  const parameters = source.parameters!.map((p, i) => i < source.vectors! ? p.replace(/: (\w+)/, ": vec4<$1>") : p);
  const calls = ["x", "y", "z", "w"].map((c) => {
    const args = source.parameters!.map((p, i) => p.split(":")[0]! + (i < source.vectors! ? `.${c}` : ""));
    return `${scalar}(${args.join(", ")})`;
  });
  const result = `vec4<${source.result!}>`;
  return `fn ${name}(${parameters.join(", ")}) -> ${result} {\n  return ${result}(${calls.join(", ")});\n}`;
}
