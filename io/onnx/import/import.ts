/**
 * Files of ONNX as modules.
 *
 * @module
 */

import { type FileSource, nameOf, pathOf } from "../../../data/files.ts";
import { closing, openSource, type Source } from "../../../data/source.ts";
import { defaultDevice, type DeviceName, type Tensor, ValueError } from "../../../tensor/mod.ts";
import { decodeModel } from "../protobuf.ts";
import { prefixed } from "./call.ts";
import { Functions } from "./functions.ts";
import { checkOperators, graphOf } from "./graph.ts";
import { OnnxModel } from "./module.ts";
import { State } from "./state.ts";
import type { ExternalData } from "./tensors.ts";

/** Options of `importOnnx`. */
export interface ImportOptions {
  /** Where the weights are put; the default device by default. */
  readonly device?: DeviceName;
  /** Whether the parameters are trained, or which of them by their names; false by default. */
  readonly trainable?: boolean | ((name: string) => boolean);
  /** Files beside the model that hold weights, by the names that it has for them. By default they are read from its folder. */
  readonly externalData?: Readonly<Record<string, FileSource>>;
  /** Whether a run that takes far more memory or time than its weights and inputs give reason for is stopped; true by default. */
  readonly bounded?: boolean;
}

/** Names of files in the folder of the model or in folders below it, and of no others. */
function checkLocation(location: string): void {
  const parts = location.split(/[/\\]/);
  if (!/^([A-Za-z]:|[/\\]|.*\0)/.test(location) && !parts.includes("..") && location !== "") return;
  throw new ValueError(
    `its external data is in ${JSON.stringify(location)}, which is not below the folder of the model`,
  );
}

/** Reads other files: those given, else those in the folder of the model. */
function externalDataOf(source: FileSource, given: Readonly<Record<string, FileSource>> = {}): ExternalData {
  const path = source instanceof Uint8Array ? undefined : pathOf(source);
  const folder = path?.slice(0, path.length - path.split(/[/\\]/).at(-1)!.length), opened = new Map<string, Source>();
  return (location, offset, length) => {
    let file = opened.get(location);
    if (file === undefined) {
      if (Object.hasOwn(given, location)) file = openSource(given[location]!);
      else {
        checkLocation(location);
        if (folder === undefined) {
          throw new ValueError(`its external data is in ${JSON.stringify(location)}: pass that as { externalData }`);
        }
        file = openSource(folder + location);
      }
      opened.set(location, file);
    }
    return file.read(offset, length ?? file.size - offset);
  };
}

/**
 * The network in an ONNX file, as a module: `model(x)`, or `model({ inputName: x })`, gives what the file's outputs are, a tensor or a list
 * that also has them by name. Nothing in the file is executed but its operators, which become functional operations; so gradients flow,
 * through inputs and through weights. It comes in evaluation mode.
 *
 * The state dict has the file's own names. Floats of at least one dimension are parameters, but for the running averages of batch
 * normalisation; other initializers are buffers. `trainable` says whether the parameters gather gradients. Constants of float with
 * several elements count as initializers. Weights that the file stores as integers with a `DequantizeLinear` are floats after loading.
 *
 * Elements keep their type where there is such a dtype on the device. double becomes float32 where there is no float64 (WebGPU), float16
 * becomes float32 where there is no float16 (the CPU), bfloat16 and float8 become float32; int8, int16, uint16 and int64 become int32,
 * uint64 becomes uint32. A number that does not fit is an error, except that ±2^53 and beyond, which stand for an end, are cut off.
 * Shapes are computed on the host, exactly, and ask no device.
 *
 * Operators are those of ai.onnx 7 to 25 and some of com.microsoft, listed in docs/onnx.md; all that are missing are named in one error.
 * Operators that a model defines as functions are replaced by what they stand for.
 *
 * @param source A path, or the content of a file.
 * @throws {ValueError} for a file that is no ONNX file or is damaged, operators that are not supported, undefined or repeated names,
 *   external data outside of the file's folder
 * @throws {ShapeError} for a tensor whose data does not have as many elements as its shape says
 * @throws {DTypeError} for a tensor whose elements have no dtype here
 * @throws {TensaurError} for nodes in a circle, missing files, missing permission
 * @see {@link https://onnx.ai/onnx/repo-docs/IR.html}
 * @example
 * ```ts
 * import { manualSeed, nn, randn } from "@tensaur/tensaur";
 * import { exportOnnx, importOnnx } from "@tensaur/tensaur/io/onnx";
 *
 * manualSeed(0);
 * const x = randn([2, 4]), model = new nn.Sequential(new nn.Linear(4, 3), new nn.ReLU());
 * const copy = importOnnx(exportOnnx(model, x));
 * console.log(copy(x).sub(model(x)).abs().max().item() < 1e-6); // true
 * console.log(Object.keys(copy.stateDict())); // [ "0.weight", "0.bias" ]
 * ```
 */
export function importOnnx<Output = Tensor>(source: FileSource, options: ImportOptions = {}): OnnxModel<Output> {
  const { device = defaultDevice(), trainable = false, externalData, bounded = true } = options, name = nameOf(source);
  const bytes = source instanceof Uint8Array
    ? source
    : closing(openSource(source), (opened) => opened.read(0, opened.size));
  const proto = decodeModel(bytes, name);
  return prefixed(`Cannot import ${name}: `, () => {
    const functions = new Functions(proto);
    checkOperators(proto.graph, functions);
    const state = new State({ device, trainable, bounded }, externalDataOf(source, externalData));
    const graph = state.take(graphOf(proto.graph, new Functions(proto), new Map()));
    const opset = proto.opsetImport.find(({ domain }) => domain === "" || domain === "ai.onnx")?.version ?? 0;
    return new OnnxModel<Output>(name, opset, graph, state, device, bounded);
  });
}
