/**
 * Each operator against onnxruntime, on the same inputs.
 *
 * @module
 */

import { devices } from "../devices.ts";
import { elementwise, multiplied, reduced } from "./onnx_import_cases_math.ts";
import { control, movement, selection, shapes } from "./onnx_import_cases_arrangement.ts";
import { detection, norms, resizes, windows } from "./onnx_import_cases_layers.ts";
import { attentions, recurrents } from "./onnx_import_cases_sequences.ts";
import { checkCase } from "./onnx_import_models.ts";

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
  detection,
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
    Deno.test(`importOnnx() of ${family}: ${name}`, () => checkCase(item, everywhere.has(name) ? devices : ["cpu"]));
  }
}
