/**
 * Tensors in PyTorch's checkpoints: what its pickles say of them, and their elements in the entries of an archive.
 *
 * @module
 */

import { asStrided } from "../functional/mod.ts";
import { Parameter } from "../nn/parameter.ts";
import { clone, isFloat, noGrad, type Tensor, ValueError, zeros } from "../tensor/mod.ts";
import {
  isComplex,
  MOST_DIMENSIONS,
  type ReadOptions,
  storedSize,
  storedTensor,
  type StoredType,
} from "./stored_types.ts";
import { PickledDict } from "./unpickle.ts";

/** Names of PyTorch's storages, and the types of their elements. */
export const storageTypes: Readonly<Record<string, StoredType>> = {
  FloatStorage: "F32",
  DoubleStorage: "F64",
  HalfStorage: "F16",
  BFloat16Storage: "BF16",
  LongStorage: "I64",
  IntStorage: "I32",
  ShortStorage: "I16",
  CharStorage: "I8",
  ByteStorage: "U8",
  BoolStorage: "BOOL",
  ComplexFloatStorage: "C64",
  ComplexDoubleStorage: "C128",
};

/** Names of PyTorch's dtypes that tensors in untyped storages have, and the types of their elements. */
export const dtypeTypes: Readonly<Record<string, StoredType>> = {
  float32: "F32",
  float64: "F64",
  float16: "F16",
  bfloat16: "BF16",
  float8_e4m3fn: "F8_E4M3",
  float8_e5m2: "F8_E5M2",
  float8_e4m3fnuz: "F8_E4M3FNUZ",
  float8_e5m2fnuz: "F8_E5M2FNUZ",
  float8_e8m0fnu: "F8_E8M0",
  complex64: "C64",
  complex128: "C128",
  int64: "I64",
  int32: "I32",
  int16: "I16",
  int8: "I8",
  uint64: "U64",
  uint32: "U32",
  uint16: "U16",
  uint8: "U8",
  bool: "BOOL",
};

/** Elements that tensors are views of. */
export interface PickledStorage {
  /** Which entry of the archive has them. */
  readonly key: string;
  /** Their type; undefined where the tensors say. */
  readonly type: StoredType | undefined;
  /** How many there are: of bytes where the storage has no type. */
  readonly count: number;
  /** How many tensors are views of them. */
  users: number;
}

/** A tensor as a pickle describes it. */
export class PickledTensor {
  /** A view of a storage. */
  constructor(
    readonly storage: PickledStorage,
    readonly type: StoredType,
    readonly offset: number,
    readonly size: readonly number[],
    readonly stride: readonly number[],
    readonly requiresGrad: boolean,
    readonly parameter: boolean = false,
  ) {}
}

function isExtents(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

/** Tensors of the storages in an archive. */
export class StorageReader {
  readonly #bases = new Map<string, Tensor>();

  /** `read` gives the bytes of a storage in a buffer of their own; `size` their number, and undefined where there is none. */
  constructor(
    readonly name: string,
    readonly options: ReadOptions,
    readonly size: (key: string) => number | undefined,
    readonly read: (key: string) => Uint8Array<ArrayBuffer>,
  ) {}

  refuse(reason: string): never {
    throw new ValueError(`Cannot read ${this.name}: ${reason}`);
  }

  /** What `torch._utils._rebuild_tensor_v2` and its kin are called with. */
  describe(args: readonly unknown[], type?: StoredType): PickledTensor {
    const [storage, offset, size, stride, requiresGrad, , metadata] = args as [PickledStorage, number, ...unknown[]];
    const known = typeof storage === "object" && storage !== null && "users" in storage ? storage : undefined;
    if (known === undefined || !isExtents([offset]) || !isExtents(size) || !isExtents(stride)) {
      this.refuse(`a tensor has the offset ${text(offset)}, the size ${text(size)} and the stride ${text(stride)}`);
    }
    const elements = type ?? known.type ?? this.refuse(`a tensor in storage ${known.key} has no type`);
    const count = known.type === undefined ? Math.floor(known.count / storedSize(elements)) : known.count;
    if (size.length !== stride.length || size.length > MOST_DIMENSIONS) {
      this.refuse(`a tensor has the size ${text(size)} and the stride ${text(stride)}`);
    }
    const numel = size.includes(0) ? 0 : size.reduce((product, extent) => product * extent, 1);
    const last = size.reduce((at, extent, i) => at + (extent - 1) * stride[i]!, offset);
    // Only expanded tensors have more elements than their storage; indices have 32 bits.
    if (numel > 0 && last >= count || numel > Math.max(count, 2 ** 31 - 1)) {
      this.refuse(
        `a tensor of size ${text(size)}, stride ${
          text(stride)
        } and offset ${offset} does not fit in storage ${known.key} ` +
          `of ${count} elements`,
      );
    }
    const marks = type === undefined && metadata instanceof PickledDict ? [...metadata.entries] : [];
    const mark = marks.find(([, value]) => value === true)?.[0];
    if (mark !== undefined) this.refuse(`a tensor is marked as "${text(mark)}", which no elements here are`);
    known.users++;
    return new PickledTensor(known, elements, offset, size, stride, requiresGrad === true);
  }

  #bytes({ key, type, count }: PickledStorage): Uint8Array<ArrayBuffer> {
    const expected = count * (type === undefined ? 1 : storedSize(type)), found = this.size(key);
    if (found !== expected) this.refuse(`storage ${key} should have ${expected} bytes, and has ${found ?? "none"}`);
    return this.read(key);
  }

  /** All elements of a storage, which views of it share. */
  #base({ storage, type }: PickledTensor): Tensor {
    const key = `${type} ${storage.key}`;
    let base = this.#bases.get(key);
    if (base === undefined) {
      const bytes = this.#bytes(storage), size = storedSize(type);
      if (bytes.length % size !== 0) {
        this.refuse(`storage ${storage.key} of ${bytes.length} bytes has elements of ${size}`);
      }
      base = storedTensor(bytes, type, [bytes.length / size], this.options, `storage ${storage.key} of ${this.name}`);
      this.#bases.set(key, base);
    }
    return base;
  }

  #elements(pickled: PickledTensor): Tensor {
    const { storage, type, offset, size, stride } = pickled;
    const product = (extents: readonly number[]): number => extents.reduce((product, extent) => product * extent, 1);
    const contiguous = size.every((extent, i) => extent === 1 || stride[i] === product(size.slice(i + 1)));
    const numel = product(size);
    if (contiguous && storage.users === 1 && storage.type !== undefined && numel === storage.count) {
      return storedTensor(this.#bytes(storage), type, size, this.options, `storage ${storage.key} of ${this.name}`);
    }
    const base = this.#base(pickled), parts = isComplex(type) ? [2] : [];
    if (numel === 0) return zeros([...size, ...parts], { dtype: base.dtype, device: base.device });
    // The parts of a complex number are two elements.
    const view = parts.length === 0
      ? asStrided(base, size, stride, offset)
      : asStrided(base, [...size, 2], [...stride.map((step) => 2 * step), 1], 2 * offset);
    return storage.users === 1 && view.numel() <= base.numel() ? clone(view) : view;
  }

  /** The tensor that a pickle describes. Tensors of one storage are views of one tensor, as they are in PyTorch. */
  tensor(pickled: PickledTensor): Tensor {
    return noGrad(() => {
      const x = this.#elements(pickled), requiresGrad = pickled.requiresGrad && isFloat(x.dtype);
      if (pickled.parameter) return new Parameter(x, { requiresGrad });
      if (requiresGrad) x.requiresGrad = true;
      return x;
    });
  }
}

/** A value in a message, which is short and not made of what may hold itself. */
function text(value: unknown): string {
  if (!Array.isArray(value)) {
    return typeof value === "object" && value !== null ? "no number" : String(value).slice(0, 100);
  }
  const plain = value.length <= MOST_DIMENSIONS && value.every((item) => typeof item !== "object");
  return plain ? `[${value.join(", ")}]` : `of ${value.length} entries`;
}
