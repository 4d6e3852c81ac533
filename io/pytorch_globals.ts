/**
 * The names of Python's and PyTorch's that checkpoints refer to, and the data that they stand for.
 *
 * @module
 */

import { dtypeTypes, type PickledStorage, PickledTensor, type StorageReader, storageTypes } from "./pytorch_tensors.ts";
import type { StoredType } from "./stored_types.ts";
import { type Globals, PickledDict, PickledGlobal } from "./unpickle.ts";

/** The classes of tensors. */
const TENSORS: ReadonlySet<string> = new Set(["torch.Tensor", "torch._tensor.Tensor", "torch.nn.parameter.Parameter"]);

/** The names that a checkpoint may refer to. What they stand for is data; nothing of Python's is run. */
export class CheckpointGlobals implements Globals {
  /** The storages that were referred to. */
  readonly storages: Map<string, PickledStorage> = new Map();
  readonly #calls: Readonly<Record<string, (args: readonly unknown[]) => unknown>>;
  /** Entries that constructors copied. */
  #copied = 0;

  /** `size` is that of the file. */
  constructor(readonly reader: StorageReader, readonly size: number) {
    const parameter = ([data, requiresGrad]: readonly unknown[]): unknown => {
      if (!(data instanceof PickledTensor)) return reader.refuse("a parameter has no tensor");
      const { storage, type, offset, size, stride } = data;
      return new PickledTensor(storage, type, offset, size, stride, requiresGrad === true, true);
    };
    this.#calls = {
      "torch._utils._rebuild_tensor": (args) => reader.describe(args),
      "torch._utils._rebuild_tensor_v2": (args) => reader.describe(args),
      "torch._utils._rebuild_tensor_v3": (args) => reader.describe(args, this.#dtype(args[6])),
      "torch._tensor._rebuild_from_type_v2": (args) => this.#ofType(args),
      "torch._utils._rebuild_parameter": parameter,
      "torch._utils._rebuild_parameter_with_state": parameter,
      "torch.Size": ([extents]) => extents,
      "torch.device": (parts) => parts.filter((part) => typeof part !== "object").join(":"),
      "collections.OrderedDict": ([items]) => this.#dict(items),
      "collections.Counter": ([items]) => this.#dict(items),
      "collections.defaultdict": ([, items]) => this.#dict(items),
      "builtins.dict": ([items]) => this.#dict(items),
      "builtins.list": ([items]) => [...this.#items(items)],
      "builtins.set": ([items]) => new Set(this.#items(items)),
      "builtins.int": () => 0,
      "builtins.float": () => 0,
    };
  }

  /** The entries of a list that a constructor copies: together not more than the file has bytes, however often a list is used. */
  #items(list: unknown): readonly unknown[] {
    const items: readonly unknown[] = Array.isArray(list) ? list : [];
    this.#copied += items.length;
    return this.#copied <= this.size ? items : this.reader.refuse("its containers hold more than the file does");
  }

  /** A dict of what Python's constructors of dicts are called with: nothing, a dict, or a list of pairs. */
  #dict(first: unknown): PickledDict {
    if (first instanceof PickledDict) return first;
    const dict = new PickledDict();
    for (const pair of this.#items(first)) if (Array.isArray(pair)) dict.entries.set(pair[0], pair[1]);
    return dict;
  }

  /** A tensor with attributes, which are left out; of a class of one's own there is none here. */
  #ofType([build, type, args]: readonly unknown[]): unknown {
    const known = type instanceof PickledGlobal && TENSORS.has(type.name);
    if (!known || !(build instanceof PickledGlobal) || build.call === undefined || !Array.isArray(args)) {
      return this.reader.refuse("a tensor is of a class that is not PyTorch's");
    }
    return build.call(args);
  }

  #dtype(dtype: unknown): StoredType | undefined {
    return dtype instanceof PickledGlobal ? dtypeTypes[dtype.name.replace("torch.", "")] : undefined;
  }

  find(module: string, name: string): PickledGlobal | undefined {
    const full = `${module === "__builtin__" ? "builtins" : module}.${name}`;
    if (Object.hasOwn(this.#calls, full)) return new PickledGlobal(full, this.#calls[full]);
    const inert = module === "torch" && (Object.hasOwn(storageTypes, name) || Object.hasOwn(dtypeTypes, name)) ||
      full === "torch.storage.UntypedStorage" || TENSORS.has(full);
    return inert ? new PickledGlobal(full) : undefined;
  }

  persistent(id: unknown): PickledStorage {
    const { reader } = this;
    const [kind, type, key, , count, view] = Array.isArray(id) ? id : [];
    if (view !== undefined && view !== null) {
      reader.refuse(
        "a storage is a part of another, as in files of PyTorch before 0.4. In Python: torch.save(torch.load(a), b)",
      );
    }
    if (
      kind !== "storage" || !(type instanceof PickledGlobal) || typeof key !== "string" ||
      !Number.isSafeInteger(count) ||
      count < 0
    ) {
      return reader.refuse("a storage is not described as PyTorch does");
    }
    const name = type.name.replace("torch.", "");
    const found = this.storages.get(key) ?? { key, type: storageTypes[name], count, users: 0 };
    if (found.count !== count || found.type !== storageTypes[name]) reader.refuse(`storage ${key} is described twice`);
    this.storages.set(key, found);
    return found;
  }
}
