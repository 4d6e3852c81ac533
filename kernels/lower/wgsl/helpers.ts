/**
 * WGSL functions for what the language says differently from PyTorch: maxima that keep NaN, division by zero, exact remainders,
 * integer powers, sines of large angles, checked indices. A module contains those that it calls.
 *
 * @module
 */

import type { Width } from "./types.ts";

/** A helper function. */
export type Helper =
  | "isNan"
  | "kept"
  | "maxFloat"
  | "minFloat"
  | "divInt"
  | "divUint"
  | "modInt"
  | "modUint"
  | "modFloat"
  | "sinFar"
  | "cosFar"
  | "tanFar"
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
  // What is combined with a number unknown to the compiler, it cannot simplify.
  kept: {
    any: ({ F, U }) => `(x: ${F}, zero: u32) -> ${F} {\n  return bitcast<${F}>(bitcast<${U}>(x) | ${U}(zero));\n}`,
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
  sinFar: { any: (t) => far(t, `select(s, c, odd) * select(${t.F}(1f), ${t.F}(-1f), back) * sign(x)`) },
  cosFar: { any: (t) => far(t, `select(c, -s, odd) * select(${t.F}(1f), ${t.F}(-1f), back)`) },
  tanFar: { any: (t) => far(t, `select(s / c, -c / s, odd) * sign(x)`) },
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

/** The bits of 1 / 2π, after as many zeros. */
const TURN = [0, 0x28be60db, 0x9391054a, 0x7f09d5f4, 0x7d4d3770, 0x36d8a566, 0x4f10e410, 0x7f9458ea];

/**
 * Of |x| >= 1e5: the fraction of a turn in 64 bits, as the product of the 24 bits of x with those bits of 1 / 2π that do not only make
 * whole turns; then sine and cosine of the rest to the nearest quarter. `odd` and `back` are the bits of the number of quarters. No
 * arrays, loops or components, which are slow on software adapters; there everything is computed even where no element needs it.
 */
function far({ F, U, B }: Names, result: string): string {
  const word = (i: number) =>
    [1, 2, 3, 4].reduce((text, j) => {
      return `select(${text}, ${U}(${TURN[i + j]!}u), place == ${U}(${j}u))`;
    }, `${U}(${TURN[i]!}u)`);
  const highProduct = (w: string) =>
    `  let ${w}0 = ${w} & ${U}(0xffffu);
  let ${w}1 = ${w} >> ${U}(16u);
  let ${w}Middle = m1 * ${w}0 + ((m0 * ${w}0) >> ${U}(16u));
  let ${w}Cross = (${w}Middle & ${U}(0xffffu)) + m0 * ${w}1;
  let ${w}High = m1 * ${w}1 + (${w}Middle >> ${U}(16u)) + (${w}Cross >> ${U}(16u));`;
  const window = (i: number) => `(t${i} << shift) | ((t${i + 1} >> ${U}(1u)) >> (31u - shift))`;
  return `(x: ${F}) -> ${F} {
  let bits = bitcast<${U}>(x) & ${U}(0x7fffffffu);
  if (!any(bits >= ${U}(0x47000000u))) { return ${F}(0f); }
  let m = (bits & ${U}(0x7fffffu)) | ${U}(0x800000u);
  let position = (bits >> ${U}(23u)) - 118u;
  let place = position >> ${U}(5u);
  let shift = position & ${U}(31u);
  let t0 = ${word(0)};
  let t1 = ${word(1)};
  let t2 = ${word(2)};
  let t3 = ${word(3)};
  let first = ${window(1)};
  let second = ${window(2)};
  let m0 = m & ${U}(0xffffu);
  let m1 = m >> ${U}(16u);
${highProduct("first")}
${highProduct("second")}
  let low = m * first + secondHigh;
  let fraction = m * (${window(0)}) + firstHigh + select(${U}(0u), ${U}(1u), low < secondHigh);
  let quarters = (fraction + 0x20000000u) >> ${U}(30u);
  let rest = fraction - (quarters << ${U}(30u));
  let below = rest >= ${U}(0x80000000u);
  let size = ${F}(select(rest, ~rest, below)) + ${F}(select(low, ~low, below)) * 2.3283064e-10f;
  let r = select(size, -size, below) * 1.4629181e-9f;
  let z = r * r;
  let s = (r + r * z * (-0.16666667f + z * (8.3333333e-3f + z * (-1.9841270e-4f + z * 2.7557319e-6f))));
  let c = 1f - z * (0.5f - z * (4.1666668e-2f - z * (1.3888889e-3f - z * 2.4801587e-5f)));
  let odd: ${B} = (quarters & ${U}(1u)) == ${U}(1u);
  let back: ${B} = (quarters & ${U}(2u)) == ${U}(2u);
  return select(${result}, ${F}(bitcast<f32>(NOT_A_NUMBER)), bits >= ${U}(0x7f800000u));
}`;
}

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
