/**
 * NumPy's files of one array.
 *
 * @module
 */

import type { FileSource } from "../data/files.ts";
import { closing, openSource, type Source } from "../data/source.ts";
import { permute } from "../functional/mod.ts";
import { clone, type DType, noGrad, type Tensor, ValueError } from "../tensor/mod.ts";
import { type Content, contentBytes, type FileTarget, release, writeContent } from "./content.ts";
import {
  isComplex,
  type ReadOptions,
  storedLength,
  storedSize,
  storedTensor,
  type StoredType,
  tensorBytes,
  tensorLength,
} from "./stored_types.ts";

/** NumPy's codes of types. */
const types: Readonly<Record<string, StoredType>> = {
  b1: "BOOL",
  i1: "I8",
  i2: "I16",
  i4: "I32",
  i8: "I64",
  u1: "U8",
  u2: "U16",
  u4: "U32",
  u8: "U64",
  f2: "F16",
  f4: "F32",
  f8: "F64",
  c8: "C64",
  c16: "C128",
};

const descriptions: Readonly<Record<DType, string>> = {
  float64: "<f8",
  float32: "<f4",
  float16: "<f2",
  int32: "<i4",
  uint32: "<u4",
  uint8: "|u1",
  bool: "|b1",
};

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Longer headers are refused, as NumPy does. */
const LONGEST = 10_000;
/** Room that NumPy leaves for the digits of an extent that grows. */
const DIGITS = 21;

interface Header {
  readonly type: StoredType;
  readonly bigEndian: boolean;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Where the elements begin. */
  readonly start: number;
}

function readHeader(source: Source): Header {
  const { name, size } = source;
  const refuse = (reason: string): never => {
    throw new ValueError(`Cannot read ${name} as an .npy file: ${reason}`);
  };
  const begin = source.read(0, Math.min(size, 12));
  if (begin.length < 10 || MAGIC.some((byte, i) => begin[i] !== byte)) refuse("it does not begin as one");
  const version = begin[6]!, start = version === 1 ? 10 : 12;
  if (version < 1 || version > 3) refuse(`its version is ${version}, and 1 to 3 are known`);
  if (begin.length < start) refuse("it is truncated");
  const view = new DataView(begin.buffer), length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > LONGEST || start + length > size) refuse(`a header of ${length} bytes in a file of ${size}`);
  const text = new TextDecoder().decode(source.read(start, length));
  const field = (name: string, value: string): string | undefined =>
    text.match(new RegExp(`^\\s*\\{(?:.*,)?\\s*'${name}'\\s*:\\s*${value}\\s*[,}]`))?.[1];
  const descr = field("descr", "('[^']*'|\\[.*\\])") ??
    refuse(`its header is ${JSON.stringify(text.trim().slice(0, 200))}`);
  const [, order, code] = descr.match(/^'([<>|=]?)(\w+)'$/) ?? [];
  const type = code !== undefined && Object.hasOwn(types, code) ? types[code]! : refuse(
    `its elements are of type ${
      descr.slice(0, 100)
    }, and booleans, integers, floats of up to 64 bits and complex numbers of these are read`,
  );
  const fortran = field("fortran_order", "(True|False)"), extents = field("shape", "\\(([\\d,\\s]*)\\)");
  if (fortran === undefined || extents === undefined) {
    return refuse(`its header is ${JSON.stringify(text.trim().slice(0, 200))}`);
  }
  const shape = extents.split(",").map((extent) => extent.trim()).filter(Boolean).map(Number);
  return { type, bigEndian: order === ">", fortran: fortran === "True", shape, start: start + length };
}

/** Turns the bytes of each element around. */
function swap(bytes: Uint8Array, size: number): void {
  for (let at = 0; size > 1 && at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

/** The tensor in an open file. */
export function npyTensor(source: Source, options: ReadOptions): Tensor {
  const { type, bigEndian, fortran, shape, start } = readHeader(source);
  const length = storedLength(type, shape);
  if (length === undefined || start + length > source.size) {
    throw new ValueError(
      `Cannot read ${source.name} as an .npy file: ${source.size - start} bytes are too few for ${type} of shape [${
        shape.join(", ")
      }]`,
    );
  }
  const bytes = source.read(start, length);
  if (bigEndian) swap(bytes, storedSize(type) / (isComplex(type) ? 2 : 1));
  if (!fortran || shape.length < 2) return storedTensor(bytes, type, shape, options, source.name);
  const turned = storedTensor(bytes, type, [...shape].reverse(), options, source.name);
  // The parts of complex numbers stay the last dimension.
  return noGrad(() =>
    clone(permute(turned, [...turned.shape.keys()].map((i) => i < shape.length ? shape.length - 1 - i : i)))
  );
}

/**
 * The tensor in an .npy file, of any version, byte order and order of elements; what types become `openSafetensors` says.
 *
 * Errors: arrays of texts, records or Python objects, 64-bit integers that do not fit in 32 bits, a damaged or missing
 * file, missing permission.
 *
 * ```ts
 * import { io, tensor } from "@tensaur/tensaur";
 *
 * const path = `${Deno.makeTempDirSync()}/x.npy`;
 * io.writeNpy(path, tensor([[1, 2], [3, 4]]));
 * console.log(io.readNpy(path));
 * // tensor([[1, 2],
 * //         [3, 4]])
 * ```
 *
 * @param source A path, or the content of a file.
 * @see {@link https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html}
 */
export function readNpy(source: FileSource, options: ReadOptions = {}): Tensor {
  return closing(openSource(source), (opened) => npyTensor(opened, options));
}

/** What an .npy file of a tensor holds. */
export function npyContent(x: Tensor): Content {
  const shape = x.ndim === 1 ? `(${x.shape[0]},)` : `(${x.shape.join(", ")})`;
  const room = x.ndim === 0 ? 0 : DIGITS - String(x.shape[0]).length;
  const text = `{'descr': '${descriptions[x.dtype]}', 'fortran_order': False, 'shape': ${shape}, }${" ".repeat(room)}`;
  const header = new Uint8Array(10 + text.length + 1 + 64 - (10 + text.length + 1) % 64).fill(0x20);
  header.set([...MAGIC, 1, 0]);
  new DataView(header.buffer).setUint16(8, header.length - 10, true);
  header.set(new TextEncoder().encode(text), 10);
  header[header.length - 1] = 0x0a;
  return {
    length: header.length + tensorLength(x),
    *chunks() {
      yield header;
      const bytes = tensorBytes(x);
      yield bytes;
      release(bytes);
    },
  };
}

/**
 * The content of an .npy file, byte for byte what NumPy writes.
 *
 * ```ts
 * import { io, tensor } from "@tensaur/tensaur";
 *
 * console.log(io.readNpy(io.encodeNpy(tensor([1.5, 2])))); // tensor([1.5000, 2.0000])
 * ```
 *
 * @see {@link https://numpy.org/doc/stable/reference/generated/numpy.save.html}
 */
export function encodeNpy(x: Tensor): Uint8Array<ArrayBuffer> {
  return contentBytes(npyContent(x));
}

/**
 * Writes a tensor to an .npy file.
 *
 * ```ts
 * import { io, tensor } from "@tensaur/tensaur";
 *
 * io.writeNpy(`${Deno.makeTempDirSync()}/x.npy`, tensor([1, 2]));
 * ```
 *
 * @see {@link https://numpy.org/doc/stable/reference/generated/numpy.save.html}
 */
export function writeNpy(target: FileTarget, x: Tensor): void {
  writeContent(target, npyContent(x));
}
