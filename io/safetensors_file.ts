/**
 * An open safetensors file, of one part or several.
 *
 * @module
 */

import type { Source } from "../data/source.ts";
import type { Tensor } from "../tensor/mod.ts";
import { type ReadOptions, storedLength, storedTensor, type StoredType } from "./stored_types.ts";
import { type Located, TensorFile } from "./tensor_file.ts";

/**
 * The tensors of a safetensors file, or of several with an index, each read when it is asked for. `using` closes the files.
 *
 * ```ts
 * import { io, ones } from "@tensaur/tensaur";
 *
 * using file: io.SafetensorsFile = io.openSafetensors(io.encodeSafetensors({ weight: ones([2, 3]) }));
 * console.log(file.keys(), file.info("weight").shape); // [ "weight" ] [ 2, 3 ]
 * ```
 */
export class SafetensorsFile extends TensorFile<StoredType> {
  /** Made by `openSafetensors`. */
  constructor(
    name: string,
    entries: ReadonlyMap<string, Located<StoredType>>,
    sources: readonly Source[],
    /** Texts that the file has besides the tensors. */
    readonly metadata: Readonly<Record<string, string>>,
  ) {
    super(name, entries, sources);
  }

  /** The bytes that elements of a type and shape take; undefined where that is no whole number. */
  protected override byteLength(dtype: StoredType, shape: readonly number[]): number | undefined {
    return storedLength(dtype, shape);
  }

  /** The tensor of bytes. */
  protected override decode(
    bytes: Uint8Array<ArrayBuffer>,
    dtype: StoredType,
    shape: readonly number[],
    options: ReadOptions,
    label: string,
  ): Tensor {
    return storedTensor(bytes, dtype, shape, options, label);
  }
}
