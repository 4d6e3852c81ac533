/**
 * GGUF, the format in which llama.cpp and its kin publish weights, quantised or not.
 *
 * @module
 */

import type { FileSource } from "../data/files.ts";
import { closing, openSource, type Source } from "../data/source.ts";
import type { StateDict } from "../nn/module_state.ts";
import { adopted } from "../tensor/creation.ts";
import type { Tensor } from "../tensor/mod.ts";
import { type BlockType, blockTypes, dequantized } from "./gguf_blocks.ts";
import { type GgufHeader, ggufLength, type GgufType, type GgufValue, readGgufHeader } from "./gguf_header.ts";
import { type ReadOptions, storedTensor, type StoredType } from "./stored_types.ts";
import { type TensorEntry, TensorFile } from "./tensor_file.ts";

/** A tensor in a GGUF file. */
export type GgufEntry = TensorEntry<GgufType>;

/**
 * The tensors of a GGUF file, each read and dequantised when it is asked for. `using` closes the file.
 *
 * ```ts
 * import { io } from "@tensaur/tensaur";
 *
 * const types = (file: io.GgufFile) => new Set(file.keys().map((name) => file.info(name).dtype));
 * console.log(types.length); // 1
 * ```
 */
export class GgufFile extends TensorFile<GgufType> {
  /** The version of the format: 2 or 3. */
  readonly version: number;
  /** What the file says of itself, under names such as "general.architecture". */
  readonly metadata: Readonly<Record<string, GgufValue>>;

  /** Made by `openGguf`. */
  constructor(source: Source, { version, metadata, entries }: GgufHeader) {
    super(source.name, entries, [source]);
    this.version = version;
    this.metadata = metadata;
  }

  /** The bytes that elements of a type and shape take; undefined where the rows are no whole blocks. */
  protected override byteLength(dtype: GgufType, shape: readonly number[]): number | undefined {
    return ggufLength(dtype, shape);
  }

  /** The tensor of bytes. */
  protected override decode(
    bytes: Uint8Array<ArrayBuffer>,
    dtype: GgufType,
    shape: readonly number[],
    options: ReadOptions,
    label: string,
  ): Tensor {
    if (!(dtype in blockTypes)) return storedTensor(bytes, dtype as StoredType, shape, options, label);
    return adopted(dequantized(dtype as BlockType, bytes), shape, "float32", options);
  }
}

/**
 * Opens a GGUF file (version 2 or 3), of which only the header is read; tensors, or rows of them, are read when they are asked for.
 * `using`, or `close()`, closes the file.
 *
 * Shapes are PyTorch's: the reverse of what the file lists. Quantised elements (Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K to Q6_K, Q8_K, IQ4_NL,
 * IQ4_XS, MXFP4) become float32; others (F32, F16, BF16, F64, I8, I16, I32, I64) what `openSafetensors` says.
 *
 * Errors: a file that is no GGUF file or is damaged, another type of elements, which the message names, big-endian numbers, a missing
 * file, missing permission to read.
 *
 * ```ts
 * import { io } from "@tensaur/tensaur";
 *
 * function show(path: string): void {
 *   using file = io.openGguf(path);
 *   console.log(file.metadata["general.architecture"]);
 *   for (const name of file.keys()) console.log(name, file.info(name).dtype, file.info(name).shape);
 *   console.log(file.getTensor("token_embd.weight"));
 * }
 * ```
 *
 * @param source A path, or the content of a file.
 * @see {@link https://github.com/ggml-org/ggml/blob/master/docs/gguf.md}
 */
export function openGguf(source: FileSource): GgufFile {
  const opened = openSource(source);
  try {
    return new GgufFile(opened, readGgufHeader(opened));
  } catch (error) {
    opened[Symbol.dispose]();
    throw error;
  }
}

/**
 * The tensors of a GGUF file by name; `openGguf` says what they become and what is refused.
 *
 * ```ts
 * import { io, nn } from "@tensaur/tensaur";
 *
 * function norms(path: string): nn.StateDict {
 *   const state = io.readGguf(path);
 *   return Object.fromEntries(Object.entries(state).filter(([name]) => name.endsWith("_norm.weight")));
 * }
 * ```
 *
 * @param source A path, or the content of a file.
 * @see {@link https://github.com/ggml-org/ggml/blob/master/docs/gguf.md}
 */
export function readGguf(source: FileSource, options: ReadOptions = {}): StateDict {
  return closing(openGguf(source), (file) => file.stateDict(options));
}
