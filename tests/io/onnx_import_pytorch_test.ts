/**
 * Files that PyTorch exported, against what PyTorch computes.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { importOnnx } from "../../io/onnx/mod.ts";
import { Tensor, tensor } from "../../mod.ts";
import golden from "../golden/onnx.json" with { type: "json" };
import { assertClose, outputOf } from "./onnx_import_models.ts";

for (const [name, { file, inputs, outputs, parameters }] of Object.entries(golden)) {
  Deno.test(`importOnnx() runs what PyTorch exported: ${name}`, () => {
    const model = importOnnx<Tensor | Tensor[]>(Uint8Array.from(atob(file), (c) => c.charCodeAt(0)), { device: "cpu" });
    const given = inputs.map(({ shape, float, data }) => {
      return tensor(data, { shape, dtype: float ? "float32" : "int32", device: "cpu" });
    });
    const result = model(...given), found = result instanceof Tensor ? [result] : result;
    assertEquals(found.length, outputs.length);
    outputs.forEach(({ shape, data }, i) => assertClose(outputOf(found[i]!), { dims: shape, data }, `output ${i}`));
    // PyTorch names a parameter anew where it is stored in another form, and folds batch normalisation into convolutions.
    const own: readonly string[] = parameters, names = model.namedParameters().map(([key]) => key);
    if (name.startsWith("relative")) assertEquals(names.filter((key) => own.includes(key)).sort(), own);
  });
}
