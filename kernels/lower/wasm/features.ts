/**
 * What the engine's WebAssembly can do, found by trying.
 *
 * @module
 */

import { ModuleBuilder, op } from "./encoder.ts";
import { createMemory } from "./memory.ts";

let fused: boolean | undefined;

/** Whether `relaxed_madd` exists and rounds once. */
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
