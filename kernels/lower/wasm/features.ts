/**
 * What the engine's WebAssembly can do.
 *
 * @module
 */

import { environment, isDeno } from "../../host.ts";
import { ModuleBuilder, op } from "./encoder.ts";
import { createMemory } from "./memory.ts";

let fused: boolean | undefined;

/** Whether `relaxed_madd` exists and rounds once, found by trying. */
export function hasFusedMultiplyAdd(): boolean {
  return fused ??= probe();
}

function probe(): boolean {
  const module = new ModuleBuilder();
  const f = module.function("probe", [], ["f32"]);
  const x = 1 + 2 ** -12;
  f.f32x4(x).f32x4(x).f32x4(-(1 + 2 ** -11)).op(op.f32x4RelaxedMadd).lane(op.f32x4ExtractLane, 0);
  try {
    const imports = { env: { memory: createMemory() } };
    const instance = new WebAssembly.Instance(new WebAssembly.Module(module.encode()), imports);
    return (instance.exports.probe as () => number)() === 2 ** -24;
  } catch {
    return false;
  }
}

/**
 * What V8 has to be told so that it joins two instructions on neighbouring vectors into one of 256 bits: to do it, and to leave out the
 * checks of bounds that Deno has it make before every access, across which it joins nothing.
 */
const WIDE = ["--experimental-wasm-revectorize", "--no-wasm-bounds-checks"];

let wide: boolean | undefined;

/** Whether V8 joins neighbouring vectors, as far as DENO_V8_FLAGS says. */
export function wideVectors(): boolean {
  if (wide === undefined) {
    const flags = environment("DENO_V8_FLAGS")?.replaceAll("_", "-").split(",") ?? [];
    wide = isDeno && WIDE.every((flag) => flags.includes(flag));
  }
  return wide;
}

/**
 * After a kernel with joined vectors, makes the upper halves of the processor's vectors known to be empty, which V8 leaves undone. While
 * they are not, instructions older than AVX wait for them on Intel's processors: a logarithm takes 13 times as long. Base64 is written by
 * code that ends with the instruction for it, and costs some 70 nanoseconds.
 */
export function clearUpperHalves(): void {
  btoa("a");
}
