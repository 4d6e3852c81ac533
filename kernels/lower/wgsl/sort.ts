/**
 * Sorting by ranks: the first unit sorts short runs, each element counting how many precede it; every further one merges pairs of
 * runs, each element finding its place in the other run by bisection. Equal elements keep their order throughout, so it is stable for
 * any length.
 *
 * @module
 */

import { TensaurError } from "../../errors.ts";
import type { DType } from "../../ir/dtype.ts";
import type { SortKernel } from "../../ir/kernel.ts";
import { MARK, type ShaderBuffer, type Unit } from "./module.ts";
import { storageType } from "./types.ts";

const WORKGROUP = 256;

/** Length of the runs that are sorted by counting. */
const RUN = 32;

/** The units of a sort; none for an empty one. */
export function lowerSort({ rows, length, descending, bindings }: SortKernel): Unit[] {
  const count = rows * length;
  if (count === 0) return [];
  const merges = Math.max(0, Math.ceil(Math.log2(length / RUN)));
  // The last unit writes to binding 1; those before it alternate with scratch memory.
  const destination = (pass: number): ShaderBuffer => (merges - pass) % 2 === 0 ? 1 : "scratch";
  const dtype = bindings[0]!.dtype;
  const keys = { buffer: 0, declaration: `var<storage, read> keys${MARK}: array<${storageType(dtype)}>;` };
  const unit = (pass: number): Unit => {
    const sorted = `var<storage, read_write> sorted${MARK}: array<i32>;`;
    const runs = { buffer: destination(pass - 1), declaration: `var<storage, read> runs${MARK}: array<i32>;` };
    const numbers = { count, length, run: RUN * 2 ** Math.max(0, pass - 1) };
    return {
      params: Object.entries(numbers).map(([name, value]) => ({ name, type: "u32", param: { kind: "number", value } })),
      buffers: [keys, { buffer: destination(pass), declaration: sorted }, ...(pass === 0 ? [] : [runs])],
      flags: false,
      arrays: [],
      helpers: new Map(key(dtype, "").startsWith("float_key") ? [["float_key", floatKey]] : []),
      body: body(dtype, descending, pass > 0),
      workgroupSize: WORKGROUP,
      groups: Math.ceil(count / WORKGROUP),
      scratchBytes: merges > 0 ? 4 * count : 0,
    };
  };
  return Array.from({ length: merges + 1 }, (_, pass) => unit(pass));
}

/** Elements as u32 in the same order, NaN last, and both zeros equal. */
function key(dtype: DType, element: string): string {
  switch (dtype) {
    case "float32":
    case "float16":
      return `float_key(bitcast<u32>(f32(${element})))`;
    case "int32":
      return `bitcast<u32>(${element}) ^ 0x80000000u`;
    case "float64":
      throw new TensaurError("Cannot sort float64 on webgpu: move the tensor to the cpu device");
    default:
      return element;
  }
}

const floatKey = `fn float_key(bits: u32) -> u32 {
  if ((bits & 0x7fffffffu) > 0x7f800000u) { return 0xffffffffu; }
  if ((bits & 0x7fffffffu) == 0u) { return 0x80000000u; }
  return select(bits | 0x80000000u, ~bits, bits >= 0x80000000u);
}
`;

function body(dtype: DType, descending: boolean, merge: boolean): string[] {
  const keyAt = (index: string) => {
    const ordered = key(dtype, `keys${MARK}[${index}]`);
    return descending ? `~(${ordered})` : `(${ordered})`;
  };
  const text = merge ? mergeBody(keyAt) : countBody(keyAt);
  return `let e = item * ${WORKGROUP}u + local;
if (e >= p$.count) { return; }
let row = e / p$.length * p$.length;
let position = e - row;
${text}`.replaceAll("$", MARK).split("\n");
}

const countBody = (keyAt: (index: string) => string) =>
  `let start = position / p$.run * p$.run;
let end = min(start + p$.run, p$.length);
let own = ${keyAt("e")};
var rank = start;
for (var i = start; i < end; i++) {
  let other = ${keyAt("row + i")};
  rank += select(0u, 1u, other < own || (other == own && i < position));
}
sorted$[row + rank] = i32(position);`;

// An element of the first run goes before equal ones of the second.
const mergeBody = (keyAt: (index: string) => string) =>
  `let pair = position / (2u * p$.run) * (2u * p$.run);
let middle = min(pair + p$.run, p$.length);
let first = position < middle;
let source = runs$[row + position];
let own = ${keyAt("row + u32(source)")};
let start = select(pair, middle, first);
var low = start;
var high = select(middle, min(pair + 2u * p$.run, p$.length), first);
while (low < high) {
  let i = (low + high) / 2u;
  let other = ${keyAt("row + u32(runs$[row + i])")};
  if (other < own || (other == own && !first)) { low = i + 1u; } else { high = i; }
}
let rank = position - select(middle, pair, first) + (low - start);
sorted$[row + pair + rank] = source;`;
