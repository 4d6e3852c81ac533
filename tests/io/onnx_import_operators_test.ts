/**
 * Each operator against onnxruntime, on the same inputs.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { importOnnx } from "../../io/onnx/import/import.ts";
import { devices } from "../devices.ts";
import type { DeviceName, Tensor } from "../../mod.ts";
import { elementwise, multiplied, reduced } from "./onnx_import_cases_math.ts";
import { control, movement, selection, shapes } from "./onnx_import_cases_arrangement.ts";
import { attentions, norms, recurrents, resizes, windows } from "./onnx_import_cases_layers.ts";
import { type Case, expected, fileOf, given, type Output, outputOf } from "./onnx_import_models.ts";

/** Asserts that outputs agree, to float32's accuracy. */
function assertClose(actual: Output, wanted: Output, name: string): void {
  assertEquals(actual.dims, [...wanted.dims], `shape of ${name}`);
  wanted.data.forEach((value, i) => {
    const found = actual.data[i]!, near = Math.abs(found - value) <= 2e-5 * (1 + Math.abs(value));
    assert(near || Object.is(found, value) || found === value, `${name}, element ${i}: ${found} instead of ${value}`);
  });
}

async function check(item: Case, on: readonly DeviceName[]): Promise<void> {
  const file = fileOf(item), wanted = await expected(file, item.inputs), names = Object.keys(item.outputs ?? { y: 1 });
  for (const device of on) {
    const model = importOnnx<Tensor | Tensor[]>(file, { device });
    const inputs = Object.fromEntries(
      Object.entries(item.inputs ?? {}).map(([name, value]) => [name, given(value, device)]),
    );
    const result = model(inputs), outputs = Array.isArray(result) ? result : [result];
    names.forEach((name, i) => assertClose(outputOf(outputs[i]!), wanted[name]!, `${name} on ${device}`));
  }
}

const families = {
  elementwise,
  reduced,
  multiplied,
  movement,
  selection,
  shapes,
  control,
  windows,
  norms,
  recurrents,
  attentions,
  resizes,
};
/** What is run on every device: where numbers go between the host and a device. The kernels themselves are tested with the operations. */
const everywhere = new Set([
  "Pow of integers",
  "Clip",
  "Where with numbers",
  "Softmax of version 11",
  "DequantizeLinear of a weight",
  "Slice backwards",
  "Gather of one",
  "ScatterND",
  "halves by arithmetic",
  "positions of a sequence",
  "Loop",
  "Conv with uneven pads",
  "ms.Attention with a mask",
  "linear, half_pixel",
]);

for (const [family, cases] of Object.entries(families)) {
  for (const [name, item] of Object.entries(cases)) {
    Deno.test(`importOnnx() of ${family}: ${name}`, () => check(item, everywhere.has(name) ? devices : ["cpu"]));
  }
}
