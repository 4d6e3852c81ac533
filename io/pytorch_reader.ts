/**
 * Reading PyTorch's checkpoints.
 *
 * @module
 */

import { type FileSource, nameOf } from "../data/files.ts";
import type { StateDict } from "../nn/module_state.ts";
import { type Tensor, ValueError } from "../tensor/mod.ts";
import { openSource } from "./content.ts";
import { dtypeTypes, type PickledStorage, PickledTensor, StorageReader, storageTypes } from "./pytorch_tensors.ts";
import type { ReadOptions, StoredType } from "./stored_types.ts";
import { type Globals, PickledDict, PickledGlobal, unpickle } from "./unpickle.ts";
import { ZipReader } from "./zip_reader.ts";

/** What a checkpoint holds: tensors, numbers, texts, truth values, null, and lists, objects, maps and sets of these. */
export type CheckpointValue =
  | Tensor
  | number
  | bigint
  | string
  | boolean
  | null
  | undefined
  | Uint8Array
  | readonly CheckpointValue[]
  | ReadonlySet<CheckpointValue>
  | ReadonlyMap<CheckpointValue, CheckpointValue>
  | { readonly [key: string]: CheckpointValue };

/** Containers within containers: deeper ones are refused. */
const DEEPEST = 500;

/** A dict of what Python's constructors of dicts are called with: nothing, a dict, or a list of pairs. */
function dictOf(first: unknown): PickledDict {
  if (first instanceof PickledDict) return first;
  const dict = new PickledDict();
  for (const pair of Array.isArray(first) ? first : []) if (Array.isArray(pair)) dict.entries.set(pair[0], pair[1]);
  return dict;
}

/** The names that a checkpoint may refer to. What they stand for is data; nothing of Python's is run. */
class CheckpointGlobals implements Globals {
  readonly #storages = new Map<string, PickledStorage>();
  readonly #calls: Readonly<Record<string, (args: readonly unknown[]) => unknown>>;

  constructor(readonly reader: StorageReader) {
    const parameter = ([data, requiresGrad]: readonly unknown[]): unknown => {
      if (!(data instanceof PickledTensor)) return reader.refuse("a parameter has no tensor");
      const { storage, type, offset, size, stride } = data;
      return new PickledTensor(storage, type, offset, size, stride, requiresGrad === true, true);
    };
    this.#calls = {
      "torch._utils._rebuild_tensor": (args) => reader.describe(args),
      "torch._utils._rebuild_tensor_v2": (args) => reader.describe(args),
      "torch._utils._rebuild_tensor_v3": (args) => reader.describe(args, this.#dtype(args[6])),
      "torch._utils._rebuild_parameter": parameter,
      "torch._utils._rebuild_parameter_with_state": parameter,
      "torch.Size": ([extents]) => extents,
      "torch.device": (parts) => parts.join(":"),
      "collections.OrderedDict": ([items]) => dictOf(items),
      "collections.Counter": ([items]) => dictOf(items),
      "collections.defaultdict": ([, items]) => dictOf(items),
      "builtins.dict": ([items]) => dictOf(items),
      "builtins.list": ([items]) => Array.isArray(items) ? items : [],
      "builtins.set": ([items]) => new Set(Array.isArray(items) ? items : []),
      "builtins.int": () => 0,
      "builtins.float": () => 0,
    };
  }

  #dtype(dtype: unknown): StoredType | undefined {
    return dtype instanceof PickledGlobal ? dtypeTypes[dtype.name.replace("torch.", "")] : undefined;
  }

  find(module: string, name: string): PickledGlobal | undefined {
    const full = `${module === "__builtin__" ? "builtins" : module}.${name}`;
    if (Object.hasOwn(this.#calls, full)) return new PickledGlobal(full, this.#calls[full]);
    const inert = module === "torch" && (Object.hasOwn(storageTypes, name) || Object.hasOwn(dtypeTypes, name)) ||
      full === "torch.storage.UntypedStorage";
    return inert ? new PickledGlobal(full) : undefined;
  }

  persistent(id: unknown): PickledStorage {
    const { reader } = this;
    const [kind, type, key, , count] = Array.isArray(id) ? id : [];
    if (
      kind !== "storage" || !(type instanceof PickledGlobal) || typeof key !== "string" ||
      !Number.isSafeInteger(count) ||
      count < 0
    ) {
      return reader.refuse("a storage is not described as PyTorch does");
    }
    const name = type.name.replace("torch.", "");
    const found = this.#storages.get(key) ?? { key, type: storageTypes[name], count, users: 0 };
    if (found.count !== count || found.type !== storageTypes[name]) reader.refuse(`storage ${key} is described twice`);
    this.#storages.set(key, found);
    return found;
  }
}

/** What is to be given to the user for what a pickle describes. */
function converter(reader: StorageReader): (value: unknown) => unknown {
  const done = new Map<unknown, unknown>(), open = new Set<unknown>();
  const container = (value: unknown): unknown => {
    if (value instanceof PickledTensor) return reader.tensor(value);
    if (Array.isArray(value)) return value.map(convert);
    if (value instanceof Set) return new Set([...value].map(convert));
    if (value instanceof PickledDict) {
      const items = [...value.entries].map(([key, item]): [unknown, unknown] => [convert(key), convert(item)]);
      const simple = items.every(([key]) => typeof key === "string" || typeof key === "number");
      const names = new Set(items.map(([key]) => String(key)));
      return simple && names.size === items.length ? Object.fromEntries(items as [string, unknown][]) : new Map(items);
    }
    if (value instanceof PickledGlobal) return value.name;
    return value instanceof Uint8Array ? value : reader.refuse("a storage stands where a value should");
  };
  function convert(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (done.has(value)) return done.get(value);
    if (open.has(value)) reader.refuse("a container contains itself");
    if (open.size >= DEEPEST) reader.refuse(`containers lie in one another more than ${DEEPEST} deep`);
    open.add(value);
    const converted = container(value);
    open.delete(value);
    done.set(value, converted);
    return converted;
  }
  return convert;
}

/**
 * What `torch.save` wrote: a state dict, or a checkpoint of state dicts, numbers, texts and containers. Nothing in the file is run: only
 * names of tensors and containers are understood, and any other is an error that says it.
 *
 * Dicts become objects (where keys are texts and integers, else Maps), lists and tuples arrays, None null. Tensors that are views of one
 * storage are views of one tensor here. Elements become what `openSafetensors` says.
 *
 * Errors: a file that is no archive of PyTorch's (from 1.6 on) or is damaged, Python objects other than those above, containers that
 * contain themselves, a missing file or permission.
 *
 * ```ts
 * import { io, nn } from "@tensaur/tensaur";
 *
 * const path = `${Deno.makeTempDirSync()}/model.pt`;
 * const model = new nn.Linear(4, 2);
 * io.writePyTorch(path, { epoch: 3, model: model.stateDict() });
 * const checkpoint = io.readPyTorch<{ epoch: number; model: nn.StateDict }>(path);
 * console.log(checkpoint.epoch, `${model.loadStateDict(checkpoint.model)}`); // 3 <All keys matched successfully>
 * ```
 *
 * @param source A path, or the content of a file.
 * @see {@link https://pytorch.org/docs/stable/generated/torch.load.html}
 */
export function readPyTorch<T = StateDict>(source: FileSource, options: ReadOptions = {}): T {
  const name = nameOf(source), opened = openSource(source);
  const start = opened.read(0, Math.min(2, opened.size));
  if (start[0] === 0x80) {
    throw new ValueError(
      `Cannot read ${name}: it is in the format that PyTorch wrote before 1.6. In Python: torch.save(torch.load(a), b)`,
    );
  }
  const archive = new ZipReader(opened);
  const pickles = archive.names().filter((entry) => /^[^/]+\/data\.pkl$/.test(entry));
  if (pickles.length !== 1) throw new ValueError(`Cannot read ${name} as a checkpoint: the archive has no data.pkl`);
  const root = pickles[0]!.slice(0, -"data.pkl".length);
  if (
    archive.names().includes(`${root}byteorder`) && new TextDecoder().decode(archive.read(`${root}byteorder`)) === "big"
  ) {
    throw new ValueError(`Cannot read ${name}: its numbers are big-endian. Save it on another machine`);
  }
  const reader = new StorageReader(
    name,
    options,
    (key) => archive.size(`${root}data/${key}`),
    (key) => archive.read(`${root}data/${key}`),
  );
  const value = unpickle(archive.read(pickles[0]!), new CheckpointGlobals(reader), name);
  return converter(reader)(value) as T;
}
