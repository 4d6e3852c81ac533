/**
 * Models as ONNX files.
 *
 * @module
 */

import { type Tensor, ValueError } from "../../../tensor/mod.ts";
import { type FileTarget, writeContent } from "../../content.ts";
import type { Dimension, ModelProto, ValueInfoProto } from "../model.ts";
import { encodeModel } from "../protobuf.ts";
import { Dynamic, type DynamicAxes, namedAxes, type Port } from "./dynamic.ts";
import { Emitter } from "./emit.ts";
import { constantOf } from "./extents.ts";
import { alignedGraph, type Value } from "./graph.ts";
import { type Exportable, stateNames, withPrepared } from "./prepare.ts";
import { namesFor, tensorsIn } from "./structure.ts";
import { traceOf } from "./trace.ts";
import { elementTypes, type Name, Writer } from "./writer.ts";

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
  const names = namesFor("input", given.map(([path]) => path), options.inputNames);
  const inputs = given.map(([, { shape }], i): Port => ({ name: names[i]!, shape }));
  const dynamic = new Dynamic(inputs, dynamicAxes);
  return withPrepared(model, training, (traced) => {
    const { plan, traces } = dynamic.traces((extents) => traceOf(traced, example, dynamic.shapes(extents)));
    const paths = traces[0]!.outputs.map(([path]) => path);
    if (paths.length === 0) throw new ValueError("Cannot export a model that returns no tensor");
    // After the first call, in which lazy modules make their parameters.
    const graph = alignedGraph(traces), state = stateNames(model);
    const outputNames = namesFor("output", paths, options.outputNames);
    checkNames(dynamicAxes, [...names, ...outputNames]);

    const writer = new Writer(opsetVersion, plan, (axis) => {
      const [input, dimension] = dynamic.place(axis);
      return [input.name, dimension];
    });
    writer.reserve(state.values(), "a parameter or buffer");
    writer.reserve(names, "an input");
    writer.reserve(outputNames, "an output");
    const emitter = new Emitter(
      writer,
      graph.values,
      state,
      new Map(graph.inputs.map((value, i) => [value, names[i]!])),
    );
    const written = emitter.write(graph.outputs);
    const dimension = (values: readonly number[]): Dimension => constantOf(values) ?? plan.text(values);
    const info = (value: Value, name: Name, labels?: ReadonlyMap<number, string>): ValueInfoProto => ({
      name,
      type: {
        tensorType: {
          elemType: elementTypes[value.dtype],
          shape: value.extents.map((extent, i) => constantOf(extent) ?? labels?.get(i) ?? dimension(extent)),
        },
      },
    });
    checkSize(writer);
    const renamed = renaming(writer, written, outputNames, new Set([...names, ...initializersOf(writer)]));
    return {
      irVersion,
      producerName: "tensaur",
      opsetImport: [{ domain: "", version: opsetVersion }],
      graph: {
        name: "main_graph",
        node: writer.nodes(renamed),
        initializer: writer.initializers,
        input: graph.inputs.map((value, i) => info(value, names[i]!)),
        output: graph.outputs.map((value, i) => {
          const port = { name: outputNames[i]!, shape: value.nodes[0]!.shape };
          return info(value, port.name, namedAxes(port, dynamicAxes[port.name]));
        }),
      },
    };
  });
}

/** Protocol Buffers count with 31 bits. */
const MOST_BYTES = 2 ** 31 - 1;

function checkSize({ initializers }: Writer): void {
  const bytes = initializers.reduce((sum, { rawData }) => sum + rawData!.length, 0);
  if (bytes <= MOST_BYTES) return;
  throw new ValueError(
    `Cannot export a model of ${bytes} bytes: a file holds ${MOST_BYTES}. Convert it with half(), or export its parts`,
  );
}

function initializersOf(writer: Writer): string[] {
  return writer.initializers.map(({ name }) => name!);
}

/** The names of the outputs in place of those that were written; a copy where that name is needed otherwise. */
function renaming(
  writer: Writer,
  written: readonly Name[],
  outputs: readonly Name[],
  kept: Set<Name>,
): Map<Name, Name> {
  const renamed = new Map<Name, Name>();
  writer.scope = "";
  written.forEach((name, i) => {
    const own = kept.has(name) || renamed.has(name) ? writer.op("Identity", [name]) : name;
    renamed.set(own, outputs[i]!);
  });
  return renamed;
}

function checkNames(dynamicAxes: DynamicAxes, names: readonly string[]): void {
  const unknown = Object.keys(dynamicAxes).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new ValueError(
    `Cannot make dimensions of "${unknown}" dynamic: the model's inputs and outputs are ${names.join(", ")}`,
  );
}
