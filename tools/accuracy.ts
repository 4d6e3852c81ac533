/**
 * Writes docs/accuracy.md: the largest errors of float32 functions on each device, over a dense sample, held against float64.
 *
 * `deno run -A tools/accuracy.ts`
 *
 * @module
 */

import {
  availableDevices,
  type DeviceName,
  functional as F,
  manualSeed,
  rand,
  special,
  type Tensor,
  tensor,
} from "../mod.ts";
import { deno } from "./deno.ts";

/** Where a result of 0 is an ordinary one, errors count against at least 1. */
type Measure = "ulp" | "ulp of max(1, |y|)";

interface Row {
  readonly name: string;
  readonly compute: (x: Tensor) => Tensor;
  readonly measure?: Measure;
  /** Largest |x|. */
  readonly range?: number;
}

const crossing: Measure = "ulp of max(1, |y|)";

const rows: readonly Row[] = [
  ...(["exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "asin", "acos", "atan"] as const)
    .map((name) => ({ name, compute: F[name] })),
  ...(["sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "sqrt", "rsqrt", "sigmoid", "erf", "erfc", "erfinv"] as const)
    .map((name) => ({ name, compute: F[name] })),
  { name: "lgamma", compute: F.lgamma, measure: crossing },
  { name: "digamma", compute: F.digamma, measure: crossing, range: 100 },
  { name: "pow(|x|, 2.5)", compute: (x) => F.pow(F.abs(x), 2.5) },
  { name: "gelu", compute: (x) => F.gelu(x), measure: crossing },
  { name: "gelu, tanh form", compute: (x) => F.gelu(x, { approximate: "tanh" }), measure: crossing },
  { name: "silu", compute: (x) => F.silu(x), measure: crossing },
  { name: "softplus", compute: (x) => F.softplus(x) },
  { name: "special.i0e", compute: special.i0e },
  { name: "special.i1e", compute: special.i1e },
  { name: "special.besselJ0", compute: special.besselJ0, measure: crossing, range: 1e4 },
  { name: "special.besselY1", compute: special.besselY1, measure: crossing, range: 1e4 },
  { name: "special.scaledModifiedBesselK1", compute: special.scaledModifiedBesselK1, range: 1e30 },
  { name: "special.airyAi", compute: special.airyAi, measure: crossing, range: 1e4 },
  { name: "special.erfcx", compute: special.erfcx },
  { name: "special.logNdtr", compute: special.logNdtr },
  { name: "special.ndtri", compute: special.ndtri, measure: crossing },
  { name: "special.zeta(3, x)", compute: (x) => special.zeta(3, F.abs(x)), range: 1e10 },
  { name: "special.gammainc(2.5, |x|)", compute: (x) => gammainc(2.5, x) },
  { name: "special.gammainc(100, |x|)", compute: (x) => gammainc(100, x), measure: crossing },
];

function gammainc(a: number, x: Tensor): Tensor {
  return special.gammainc(tensor(a, { dtype: x.dtype, device: x.device }), F.abs(x));
}

const SMALLEST_NORMAL = 2 ** -126;
/** Below it results may be 0. */
const SMALLEST = 2 ** -125.5;

/** 100 float32 of every exponent and sign, and a grid around 0. */
function sample(): Float32Array<ArrayBuffer> {
  const values: number[] = [];
  const view = new DataView(new ArrayBuffer(4));
  for (let exponent = 1; exponent < 255; exponent++) {
    for (let i = 0; i < 100; i++) {
      view.setUint32(0, (exponent << 23) | (Math.imul(i, 0x9e3779b1) >>> 9));
      values.push(view.getFloat32(0), -view.getFloat32(0));
    }
  }
  for (let i = -25000; i <= 25000; i++) values.push(i * 1.00003e-3, i * 1.00007e-4);
  return Float32Array.from(values);
}

/** The largest error over the sample, and where. */
function worst(row: Row, device: DeviceName, x: Float32Array<ArrayBuffer>): { error: number; at: number } {
  const got = elements(row.compute(tensor(x, { device })));
  const want = elements(row.compute(tensor(Float64Array.from(x), { dtype: "float64", device: "cpu" })));
  let error = 0, at = NaN;
  x.forEach((value, i) => {
    const expected = want[i]!, actual = got[i]!;
    if (Math.abs(value) > (row.range ?? Infinity) || Object.is(actual, Math.fround(expected))) return;
    const size = row.measure === crossing ? Math.max(1, Math.abs(expected)) : Math.abs(expected);
    if (size < SMALLEST && Math.abs(actual) <= SMALLEST_NORMAL) return;
    const ulp = 2 ** (Math.floor(Math.log2(Math.max(size, SMALLEST_NORMAL))) - 23);
    const difference = Math.abs(actual - expected) / ulp;
    // NaN where only one of the two is finite counts as the worst of all.
    if (!(difference <= error)) [error, at] = [Number.isNaN(difference) ? Infinity : difference, value];
  });
  return { error, at };
}

function elements(x: Tensor): number[] {
  return x.tolist() as number[];
}

/** Relative error of a sum of `count` uniform numbers. */
function sumError(count: number, device: DeviceName): number {
  manualSeed(0);
  const x = rand([count], { device });
  const exact = elements(x).reduce((a, b) => a + b, 0);
  return Math.abs(F.sum(x).item<number>() - exact) / exact;
}

const devices = availableDevices();
const x = sample();

function table(): string[] {
  const head = ["function", "measure", ...devices.flatMap((d) => [d, `at x =`])];
  const lines = [`| ${head.join(" | ")} |`, `|${head.map((_, i) => i < 2 ? "---" : "---:").join("|")}|`];
  for (const row of rows) {
    const cells = devices.flatMap((device) => {
      const { error, at } = worst(row, device, x);
      return [error.toFixed(2), Number.isNaN(at) ? "" : at.toPrecision(6)];
    });
    const range = row.range === undefined ? "" : `, \\|x\\| <= ${row.range}`;
    lines.push(
      `| ${row.name.replaceAll("|", "\\|")} | ${(row.measure ?? "ulp").replaceAll("|", "\\|")}${range} | ${
        cells.join(" | ")
      } |`,
    );
  }
  return lines;
}

function sums(): string[] {
  const head = ["elements", ...devices];
  const lines = [`| ${head.join(" | ")} |`, `|${head.map(() => "---:").join("|")}|`];
  for (const count of [1000, 100_000, 4_000_000]) {
    lines.push(`| ${count} | ${devices.map((d) => sumError(count, d).toExponential(1)).join(" | ")} |`);
  }
  return lines;
}

const text = `# Accuracy

Written by \`deno run -A tools/accuracy.ts\`; float32, held against float64 on the CPU. A unit in the last place (ulp) is the distance of
neighbouring float32; an exact result, rounded, is off by at most 0.5.

## Functions of one number

The largest error over ${x.length} numbers: 100 of every exponent and sign, and a grid from -25 to 25. Where a function passes through 0
at ordinary numbers, or cancels, its error is counted against at least 1. Results below 2^-125.5, 1.7e-38, may be 0.

${table().join("\n")}

sin, cos and tan reduce angles up to 1e5 in parts whose products are exact. For larger ones the CPU asks JavaScript, element by element
and only where a vector holds such an angle; a GPU multiplies by 96 bits of 1 / 2π in integers, in a branch that no element of an ordinary
tensor takes. A software adapter computes both sides of a branch, so there sin and cos cost about twice what they would without.

fmod and remainder are exact for every quotient on both devices.

## Sums

On the CPU a lane adds a chain of at most 64 elements in float32, and the chains are added in float64: the error does not grow with the
length. On WebGPU, which has no float64, a row of more than 512 steps is summed in blocks of about the square root of its length, then the
blocks' sums; four elements to a step, and the lanes of a workgroup in a tree. Rows of 32,768 elements and more are split over workgroups
first. The error grows with the square root of the length at worst, like that of pairwise summation in practice. Matrix products add in
float32, in the order of the tiles. The order is fixed: the same input gives the same bits on a device.

Relative error of the sum of uniform random numbers between 0 and 1:

${sums().join("\n")}
`;

const file = new URL("../docs/accuracy.md", import.meta.url);
await Deno.mkdir(new URL(".", file), { recursive: true });
await Deno.writeTextFile(file, text);
await deno(["fmt", "-q", file.pathname]);
