/**
 * Weights and tensors in files: safetensors, PyTorch's checkpoints, NumPy's arrays, GGUF.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 * import { encodeSafetensors, readSafetensors } from "@tensaur/tensaur/io";
 *
 * const model = new nn.Linear(2, 3), copy = new nn.Linear(2, 3);
 * const bytes = encodeSafetensors(model.stateDict());
 * console.log(copy.loadStateDict(readSafetensors(bytes))); // <All keys matched successfully>
 * console.log(copy.weight.equal(model.weight)); // true
 * ```
 *
 * @module
 */

// Whoever imports this part alone needs tensors with methods, too.
import "../tensor/methods.ts";

export type { FileSource } from "../data/files.ts";
export type { FileTarget } from "./content.ts";
export { type GgufEntry, GgufFile, openGguf, readGguf } from "./gguf.ts";
export type { GgufType, GgufValue } from "./gguf_header.ts";
export { load, save } from "./load.ts";
export { encodeNpy, readNpy, writeNpy } from "./npy.ts";
export { encodeNpz, readNpz, writeNpz } from "./npz.ts";
export { type CheckpointValue, readPyTorch } from "./pytorch_reader.ts";
export { exportPyTorch, type PyTorchExportOptions, type SchedulerLike } from "./pytorch_code/export.ts";
export { encodePyTorch, writePyTorch } from "./pytorch_writer.ts";
export {
  encodeSafetensors,
  openSafetensors,
  readSafetensors,
  type SafetensorsFileOptions,
  type SafetensorsOptions,
  writeSafetensors,
} from "./safetensors.ts";
export { SafetensorsFile } from "./safetensors_file.ts";
export type { SafetensorsEntry } from "./safetensors_header.ts";
export type { ReadOptions, StoredType } from "./stored_types.ts";
export { type TensorEntry, TensorFile } from "./tensor_file.ts";
