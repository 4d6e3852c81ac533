/**
 * Models as ONNX files.
 *
 * @module
 */

import { type Tensor, ValueError } from "../../../tensor/mod.ts";
import { type FileTarget, writeContent } from "../../content.ts";
import type { ModelProto } from "../model.ts";
import { encodeModel } from "../protobuf.ts";
import { Dynamic, type DynamicAxes, type Port } from "./dynamic.ts";
import { GraphFile } from "./file.ts";
import { alignedGraph } from "./graph.ts";
import { type Exportable, stateNames, withPrepared } from "./prepare.ts";
import { namesFor, tensorsIn } from "./structure.ts";
import { traceOf } from "./trace.ts";

/** Options of `exportOnnx`. */
export interface ExportOptions {
  /** Names of the inputs, in order; "input", or "input_0", "input_1", … by default, and the keys of a record. */
  readonly inputNames?: readonly string[];
  /** Names of the outputs, in order; "output", or "output_0", "output_1", … by default, and the keys of a record. */
  readonly outputNames?: readonly string[];
  /**
   * Dimensions that may have another extent in each run, by the name of the input: `{ input: { 0: "batch" } }`, or `{ input: [0] }`.
   * Those of one name are equal. Outputs follow; named here, their dimensions get these names. None by default, as in PyTorch.
   */
  readonly dynamicAxes?: DynamicAxes;
  /** The version of ONNX's operators, 18 to 21; 21 by default. */
  readonly opsetVersion?: number;
  /** The mode of the modules while they are traced; it is put back afterwards. `"eval"` by default. */
  readonly training?: "eval" | "preserve" | "training";
}

/** Versions of the file format that came with versions of the operators. */
const irVersions: Readonly<Record<number, number>> = { 18: 8, 19: 9, 20: 9, 21: 10 };

/**
 * A model as an ONNX file, for other runtimes. It is traced: called with placeholders like the example inputs, it records what it
 * computes, and nothing runs. Layers become the operators of ONNX that people expect (Gemm, Conv, LayerNormalization, LSTM, …), all else
 * is written as what it is made of. Parameters and buffers become initializers under the names of the state dict.
 *
 * All extents are those of the example unless `dynamicAxes` names them. An input of dtype int32 is one in the file: runtimes take 32-bit
 * integers for it.
 *
 * @param model a module, or a function of tensors
 * @param exampleInputs a tensor, or the list of the model's arguments: tensors, lists and records of them, and anything else, which is
 *   passed on as it is. Only shapes and dtypes count
 * @param path where to write the file; nowhere by default
 * @param options `inputNames`, `outputNames`; `dynamicAxes`: none by default; `opsetVersion`: 21; `training`: `"eval"`
 * @returns the bytes of the file
 * @throws {ValueError} for names that do not fit, for a model that reads elements which depend on its inputs, draws random numbers or uses
 *   what ONNX has no operator for, and where it depends on a dynamic extent in a way that a graph cannot
 * @see {@link https://pytorch.org/docs/stable/onnx.html}
 * @example
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 * import { exportOnnx } from "@tensaur/tensaur/io/onnx";
 *
 * const model = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 2));
 * const bytes = exportOnnx(model, randn([1, 4]), { dynamicAxes: { input: { 0: "batch" } } });
 * console.log(bytes.length > 200); // true
 * ```
 */
export function exportOnnx(
  model: Exportable,
  exampleInputs: Tensor | readonly unknown[],
  path?: FileTarget | ExportOptions | null,
  options?: ExportOptions,
): Uint8Array<ArrayBuffer> {
  const isTarget = typeof path === "string" || path instanceof URL;
  const bytes = encodeModel(modelOf(model, exampleInputs, (isTarget ? options : options ?? path) ?? {}));
  if (isTarget) writeContent(path, { length: bytes.length, chunks: () => [bytes] });
  return bytes as Uint8Array<ArrayBuffer>;
}

function modelOf(model: Exportable, exampleInputs: Tensor | readonly unknown[], options: ExportOptions): ModelProto {
  const { dynamicAxes = {}, opsetVersion = 21, training = "eval" } = options;
  const irVersion = irVersions[opsetVersion];
  if (irVersion === undefined) {
    throw new ValueError(`Cannot export with opsetVersion ${opsetVersion}: versions 18 to 21 are supported`);
  }
  const example = Array.isArray(exampleInputs) ? exampleInputs : [exampleInputs], given = tensorsIn(example);
  const inputNames = namesFor("input", given.map(([path]) => path), options.inputNames);
  const inputs = given.map(([, { shape }], i): Port => ({ name: inputNames[i]!, shape }));
  const dynamic = new Dynamic(inputs, dynamicAxes);
  return withPrepared(model, training, (traced) => {
    const { plan, traces } = dynamic.traces((extents) => traceOf(traced, example, dynamic.shapes(extents)));
    const paths = traces[0]!.outputs.map(([path]) => path);
    if (paths.length === 0) throw new ValueError("Cannot export a model that returns no tensor");
    const outputNames = namesFor("output", paths, options.outputNames);
    checkNames(dynamicAxes, [...inputNames, ...outputNames]);
    // After the first call, in which lazy modules make their parameters.
    const state = stateNames(model);
    const file = new GraphFile(opsetVersion, dynamic, plan, state, inputNames, outputNames);
    return {
      irVersion,
      producerName: "tensaur",
      opsetImport: [{ domain: "", version: opsetVersion }],
      graph: file.graph(alignedGraph(traces), dynamicAxes),
    };
  });
}

function checkNames(dynamicAxes: DynamicAxes, names: readonly string[]): void {
  const unknown = Object.keys(dynamicAxes).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new ValueError(
    `Cannot make dimensions of "${unknown}" dynamic: the model's inputs and outputs are ${names.join(", ")}`,
  );
}
