/**
 * Where the elements of a checkpoint's tensors are written: those that show elements of one another have one storage.
 *
 * @module
 */

import { arange, type DType, noGrad, type Tensor } from "../tensor/mod.ts";
import type { StorageReference } from "./pickle_writer.ts";

/** PyTorch's name for the elements of a dtype. Its older versions have no uint32; int64 holds all its values. */
const storageNames: Readonly<Record<DType, string>> = {
  float64: "DoubleStorage",
  float32: "FloatStorage",
  float16: "HalfStorage",
  int32: "IntStorage",
  uint32: "LongStorage",
  uint8: "ByteStorage",
  bool: "BoolStorage",
};

/** A storage to be written. */
export interface WrittenStorage {
  /** Which entry of the archive it is. */
  readonly key: string;
  /** All of its elements. */
  readonly elements: Tensor;
}

/** What a view of a row-major tensor shows: from which element on, and in which steps. */
interface Place {
  readonly offset: number;
  readonly stride: readonly number[];
}

/** The place of a view in its base; undefined where no offset and strides say it. */
function placeOf(x: Tensor, base: Tensor): Place | undefined {
  const positions = noGrad(() => x.viewOf(arange(base.numel(), { dtype: "int32", device: "cpu" }).reshape(base.shape)))
    .dataSync();
  const [offset] = positions, own = x.stride();
  if (offset === undefined) return undefined;
  const stride = own.map((step, i) => x.shape[i]! > 1 ? positions[step]! - offset : step);
  for (let at = 0; at < positions.length; at++) {
    const place = own.reduce((sum, step, i) => sum + Math.floor(at / step) % x.shape[i]! * stride[i]!, offset);
    if (positions[at] !== place || stride.some((step) => step < 0)) return undefined;
  }
  return { offset, stride };
}

/** The storages of the tensors in a checkpoint. */
export class TensorPlaces {
  /** In the order in which they were met. */
  readonly storages: WrittenStorage[] = [];
  readonly #byNode = new Map<Tensor["node"], WrittenStorage>();
  /** How many tensors show elements of what `node` stands for. */
  readonly #users = new Map<Tensor["node"], Set<Tensor["node"]>>();

  /** Sees a tensor that will be asked for. */
  note(x: Tensor): StorageReference {
    const root = x.base ?? x, users = this.#users.get(root.node) ?? new Set();
    this.#users.set(root.node, users.add(x.node));
    return { type: "", key: "", count: 0, offset: 0, stride: [] };
  }

  /** Where the elements of a tensor are. */
  of(x: Tensor): StorageReference {
    const root = x.base;
    const shared = root !== null && root.dtype === x.dtype && this.#users.get(root.node)!.size > 1;
    const place = shared ? placeOf(x, root) : undefined;
    const { key, elements } = this.#storage(place === undefined ? x : root!);
    const { offset, stride } = place ?? { offset: 0, stride: x.stride() };
    return { type: storageNames[x.dtype], key, count: elements.numel(), offset, stride };
  }

  #storage(elements: Tensor): WrittenStorage {
    let found = this.#byNode.get(elements.node);
    if (found === undefined) {
      found = { key: String(this.storages.length), elements };
      this.storages.push(found);
      this.#byNode.set(elements.node, found);
    }
    return found;
  }
}
