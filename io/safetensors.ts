/**
 * Safetensors, the format in which weights are published.
 *
 * @module
 */

import { type FileSource, pathOf } from "../data/files.ts";
import { closing, openSource } from "../data/source.ts";
import type { StateDict } from "../nn/module_state.ts";
import { Tensor, ValueError } from "../tensor/mod.ts";
import { type Content, contentBytes, type FileTarget, release, writeContent } from "./content.ts";
import { SafetensorsFile } from "./safetensors_file.ts";
import { headerBytes, readHeader, writingOrder } from "./safetensors_header.ts";
import { openShards, shardsOf, writeIndex } from "./safetensors_shards.ts";
import { type ReadOptions, tensorBytes, tensorLength } from "./stored_types.ts";

/**
 * Opens a safetensors file, or the index of a sharded one (`model.safetensors.index.json`), of which only headers are read; tensors, or
 * rows of them, are read when they are asked for. `using`, or `close()`, closes the files.
 *
 * Elements keep their type where there is such a dtype on the device. F64 becomes float32 where the device has no float64 (WebGPU);
 * F16 becomes float32 where it has no float16 (the CPU); BF16, the floats of 8 bits (F8_E4M3, F8_E5M2, F8_E4M3FNUZ, F8_E5M2FNUZ,
 * F8_E8M0) and of 4 (F4) become float32, which holds all their values; I8, I16 and U16 become int32; I64 becomes int32, or uint32 where
 * only that holds all its numbers, and U64 uint32; where none does, that is an error. C64 becomes float32 with one more dimension, of
 * the real and the imaginary part, as PyTorch's `view_as_real` gives it. F6_E2M3 and F6_E3M2 are listed and not read.
 *
 * Errors: a file that is no safetensors file or is damaged, a missing file or shard, missing permission to read.
 *
 * ```ts
 * import { io, ones } from "@tensaur/tensaur";
 *
 * using file = io.openSafetensors(io.encodeSafetensors({ weight: ones([2, 3]), bias: ones([2]) }));
 * console.log(file.keys()); // [ "bias", "weight" ]
 * console.log(file.info("weight").shape); // [ 2, 3 ]
 * console.log(file.getTensor("bias")); // tensor([1., 1.])
 * console.log(file.getSlice("weight", 0, 1)); // tensor([[1., 1., 1.]])
 * ```
 *
 * @param source A path, or the content of a file.
 * @see {@link https://huggingface.co/docs/safetensors/index}
 */
export function openSafetensors(source: FileSource): SafetensorsFile {
  if (!(source instanceof Uint8Array) && pathOf(source).endsWith(".json")) return openShards(pathOf(source));
  const opened = openSource(source);
  try {
    const { entries, metadata } = readHeader(opened);
    const located = [...entries].map(([name, entry]) => [name, { ...entry, source: opened }] as const);
    return new SafetensorsFile(opened.name, new Map(located), [opened], metadata);
  } catch (error) {
    opened[Symbol.dispose]();
    throw error;
  }
}

/**
 * The tensors of a safetensors file by name, or of a sharded one by its index; `openSafetensors` says what they become and what is
 * refused.
 *
 * ```ts
 * import { io, nn } from "@tensaur/tensaur";
 *
 * const path = `${Deno.makeTempDirSync()}/model.safetensors`;
 * const model = new nn.Linear(4, 2), copy = new nn.Linear(4, 2);
 * io.writeSafetensors(path, model.stateDict());
 * console.log(copy.loadStateDict(io.readSafetensors(path))); // <All keys matched successfully>
 * ```
 *
 * @param source A path, or the content of a file.
 * @see {@link https://huggingface.co/docs/safetensors/api/torch}
 */
export function readSafetensors(source: FileSource, options: ReadOptions = {}): StateDict {
  return closing(openSafetensors(source), (file) => file.stateDict(options));
}

/** Options of `encodeSafetensors`. */
export interface SafetensorsOptions {
  /** Texts to be kept besides the tensors. The `transformers` library wants `{ format: "pt" }`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Options of `writeSafetensors`. */
export interface SafetensorsFileOptions extends SafetensorsOptions {
  /**
   * Tensors of more bytes than this are spread over several files with an index: a number, or a text such as "5GB", "500MB" or "2GiB".
   * No limit by default.
   */
  readonly maxShardSize?: number | string;
}

function checkTensors(state: Readonly<StateDict>): void {
  for (const [name, value] of Object.entries(state)) {
    if (!(value instanceof Tensor)) throw new ValueError(`Cannot write "${name}" as safetensors: it is no tensor`);
    if (name === "__metadata__") {
      throw new ValueError(`Cannot write a tensor "${name}" as safetensors: give another name`);
    }
  }
}

function contentOf(state: Readonly<StateDict>, { metadata }: SafetensorsOptions): Content {
  const tensors = writingOrder(state);
  const header = headerBytes(tensors, metadata);
  return {
    length: tensors.reduce((sum, [, x]) => sum + tensorLength(x), header.length),
    *chunks() {
      yield header;
      for (const [, x] of tensors) {
        const bytes = tensorBytes(x);
        yield bytes;
        release(bytes);
      }
    },
  };
}

/**
 * The content of a safetensors file, byte for byte what the reference implementation writes.
 *
 * ```ts
 * import { io, tensor } from "@tensaur/tensaur";
 *
 * const bytes = io.encodeSafetensors({ x: tensor([1.5]) }, { metadata: { format: "pt" } });
 * console.log(io.readSafetensors(bytes).x); // tensor([1.5000])
 * ```
 *
 * @see {@link https://huggingface.co/docs/safetensors/index#format}
 */
export function encodeSafetensors(
  state: Readonly<StateDict>,
  options: SafetensorsOptions = {},
): Uint8Array<ArrayBuffer> {
  checkTensors(state);
  return contentBytes(contentOf(state, options));
}

/**
 * Writes tensors by name to a safetensors file, as the reference implementation does; one tensor at a time is copied. Tensors that
 * share elements are each written.
 *
 * With `maxShardSize`, and more bytes than that, `model.safetensors` becomes `model-00001-of-00002.safetensors`, … and
 * `model.safetensors.index.json`, which is the file to read. Tensors are taken in their order, and one that is larger than a shard may be
 * gets a shard of its own, as Hugging Face's libraries do.
 *
 * ```ts
 * import { io, ones } from "@tensaur/tensaur";
 *
 * const folder = Deno.makeTempDirSync();
 * io.writeSafetensors(`${folder}/model.safetensors`, { a: ones([8]), b: ones([8]) }, { maxShardSize: 40 });
 * console.log(Object.keys(io.readSafetensors(`${folder}/model.safetensors.index.json`))); // [ "a", "b" ]
 * ```
 *
 * @throws {ValueError} for what is no tensor, or shards of no bytes
 * @see {@link https://huggingface.co/docs/safetensors/api/torch}
 * @see {@link https://huggingface.co/docs/huggingface_hub/package_reference/serialization}
 */
export function writeSafetensors(
  target: FileTarget,
  state: Readonly<StateDict>,
  { maxShardSize = Infinity, ...options }: SafetensorsFileOptions = {},
): void {
  checkTensors(state);
  const path = pathOf(target), shards = shardsOf(state, maxShardSize, path);
  for (const { file, tensors } of shards) writeContent(file, contentOf(tensors, options));
  if (shards.length > 1) writeIndex(path, shards);
}
