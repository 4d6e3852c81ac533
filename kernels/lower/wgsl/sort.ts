/**
 * Sorting by ranks: the first shader sorts short runs, each element counting how many precede it; every further one merges pairs of
 * runs, each element finding its place in the other run by bisection. Equal elements keep their order throughout, so it is stable for
 * any length.
 *
 * @module
 */

import { TensaurError } from "../../errors.ts";
import type { DType } from "../../ir/dtype.ts";
import type { SortKernel } from "../../ir/kernel.ts";
import { grid, type Shader, type ShaderBuffer } from "./module.ts";
import { storageType } from "./types.ts";

const WORKGROUP = 256;

/** Length of the runs that are sorted by counting. */
const RUN = 32;

/** The shaders of a sort; none for an empty one. */
export function lowerSort({ rows, length, descending, bindings }: SortKernel): Shader[] {
  const count = rows * length;
  if (count === 0) return [];
  const merges = Math.max(0, Math.ceil(Math.log2(length / RUN)));
  // The last shader writes to binding 1; those before it alternate with scratch memory.
  const destination = (pass: number): ShaderBuffer => (merges - pass) % 2 === 0 ? 1 : "scratch";
  const dtype = bindings[0]!.dtype;
  const shader = (pass: number): Shader => ({
    text: text(dtype, descending, pass > 0),
    buffers: pass === 0 ? [0, destination(0)] : [0, destination(pass), destination(pass - 1)],
    params: [count, length, RUN * 2 ** Math.max(0, pass - 1)].map((value) => ({ kind: "number", value })),
    flags: false,
    groups: grid(Math.ceil(count / WORKGROUP)),
    scratchBytes: merges > 0 ? 4 * count : 0,
  });
  return Array.from({ length: merges + 1 }, (_, pass) => shader(pass));
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

function text(dtype: DType, descending: boolean, merge: boolean): string {
  const ordered = key(dtype, "keys[i]");
  return `${dtype === "float16" ? "enable f16;\n" : ""}struct Params { count: u32, length: u32, run: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> keys: array<${storageType(dtype)}>;
@group(0) @binding(2) var<storage, read_write> sorted: array<i32>;
${merge ? "@group(0) @binding(3) var<storage, read> runs: array<i32>;\n" : ""}
${ordered.startsWith("float_key") ? floatKey : ""}
fn key(i: u32) -> u32 {
  return ${descending ? `~(${ordered})` : ordered};
}

@compute @workgroup_size(${WORKGROUP})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let e = (group.y * groups.x + group.x) * ${WORKGROUP}u + local;
  if (e >= p.count) { return; }
  let row = e / p.length * p.length;
  let position = e - row;
${merge ? mergeBody : countBody}}
`;
}

const countBody = `  let start = position / p.run * p.run;
  let end = min(start + p.run, p.length);
  let own = key(e);
  var rank = start;
  for (var i = start; i < end; i++) {
    let other = key(row + i);
    rank += select(0u, 1u, other < own || (other == own && i < position));
  }
  sorted[row + rank] = i32(position);
`;

// An element of the first run goes before equal ones of the second.
const mergeBody = `  let pair = position / (2u * p.run) * (2u * p.run);
  let middle = min(pair + p.run, p.length);
  let first = position < middle;
  let source = runs[row + position];
  let own = key(row + u32(source));
  let start = select(pair, middle, first);
  var low = start;
  var high = select(middle, min(pair + 2u * p.run, p.length), first);
  while (low < high) {
    let i = (low + high) / 2u;
    let other = key(row + u32(runs[row + i]));
    if (other < own || (other == own && !first)) { low = i + 1u; } else { high = i; }
  }
  let rank = position - select(middle, pair, first) + (low - start);
  sorted[row + pair + rank] = source;
`;
