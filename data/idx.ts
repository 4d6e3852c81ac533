/**
 * IDX files, in which MNIST and its kin come.
 *
 * @module
 */

import { type ArrayData, type CreationOptions, type Tensor, tensor, ValueError } from "../tensor/mod.ts";
import { type FileSource, nameOf, readBytes } from "./files.ts";

/** Numbers with a shape. */
export interface IdxContent {
  /** The extents. */
  readonly shape: readonly number[];
  /** The numbers, row-major. */
  readonly values: ArrayData;
}

type Reader = readonly [bytes: number, read: (view: DataView, length: number) => ArrayData];

/** By type code. IDX is big-endian. */
const readers: Record<number, Reader> = {
  0x08: [1, (view, n) => new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset, n)],
  0x09: [1, (view, n) => new Int8Array(view.buffer as ArrayBuffer, view.byteOffset, n)],
  0x0b: [2, (view, n) => Int16Array.from({ length: n }, (_, i) => view.getInt16(2 * i))],
  0x0c: [4, (view, n) => Int32Array.from({ length: n }, (_, i) => view.getInt32(4 * i))],
  0x0d: [4, (view, n) => Float32Array.from({ length: n }, (_, i) => view.getFloat32(4 * i))],
  0x0e: [8, (view, n) => Float64Array.from({ length: n }, (_, i) => view.getFloat64(8 * i))],
};

/** What an IDX file holds; `advice` says where a missing one is to be had. */
export function idxContent(source: FileSource, advice = ""): IdxContent {
  const bytes = readBytes(source, advice);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = bytes.length >= 4 && view.getUint16(0) === 0 ? readers[bytes[2]!] : undefined;
  const start = 4 + 4 * (bytes[3] ?? 0);
  if (reader === undefined || bytes.length < start) {
    throw new ValueError(`Cannot read ${nameOf(source)} as an IDX file: it does not begin as one`);
  }
  const shape = Array.from({ length: bytes[3]! }, (_, i) => view.getUint32(4 + 4 * i));
  const [size, read] = reader;
  const count = shape.reduce((product, extent) => product * extent, 1);
  if (bytes.length !== start + count * size) {
    throw new ValueError(
      `Cannot read ${nameOf(source)}: an IDX file of shape [${shape.join(", ")}] has ${start + count * size} bytes, ` +
        `and this one ${bytes.length}`,
    );
  }
  return { shape, values: read(new DataView(bytes.buffer, bytes.byteOffset + start), count) };
}

/**
 * The tensor in an IDX file, which may be gzipped: uint8, int32 (also of 8- and 16-bit integers), float32 or float64.
 *
 * ```ts
 * import { data } from "@tensaur/tensaur";
 *
 * const bytes = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 3, 10, 20, 30);
 * console.log(`${data.readIdx(bytes)}`); // tensor([[10, 20, 30]], dtype=torch.uint8)
 * ```
 *
 * @param source A path, or the content.
 * @see {@link http://yann.lecun.com/exdb/mnist/}
 */
export function readIdx(source: FileSource, options: CreationOptions = {}): Tensor {
  const { shape, values } = idxContent(source);
  return tensor(values, { ...options, shape });
}
