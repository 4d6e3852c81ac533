/**
 * What the engine's WebAssembly can do, found by trying.
 *
 * @module
 */

import { MAX_PAGES, ModuleBuilder, op } from "./encoder.ts";

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
    const memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: true });
    const instance = new WebAssembly.Instance(new WebAssembly.Module(module.encode()), { env: { memory } });
    return (instance.exports.probe as () => number)() === 2 ** -24;
  } catch {
    return false;
  }
}
