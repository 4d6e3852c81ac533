/**
 * Reading PyTorch's checkpoints.
 *
 * @module
 */

import type { FileSource } from "../data/files.ts";
import { bytesSource, closing, openSource, type Source } from "../data/source.ts";
import type { StateDict } from "../nn/module_state.ts";
import { type Tensor, ValueError } from "../tensor/mod.ts";
import { CheckpointGlobals } from "./pytorch_globals.ts";
import { isLegacy, readLegacy } from "./pytorch_legacy.ts";
import { PickledTensor, StorageReader } from "./pytorch_tensors.ts";
import type { ReadOptions } from "./stored_types.ts";
import { PickledDict, PickledGlobal, pickleReader, unpickle } from "./unpickle.ts";
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

/** What is to be given to the user for what a pickle describes. */
function converter(reader: StorageReader): (value: unknown) => unknown {
  const done = new Map<unknown, unknown>(), open = new Set<unknown>();
  const container = (value: unknown): unknown => {
    if (value instanceof PickledTensor) return reader.tensor(value);
    if (Array.isArray(value)) return value.map(convert);
    if (value instanceof Set) return new Set([...value].map(convert));
    if (value instanceof PickledDict) {
      const items = [...value.entries].map(([key, item]): [unknown, unknown] => [convert(key), convert(item)]);
      const simple = items.every(([key]) => typeof key === "string" || typeof key === "number") &&
        new Set(items.map(([key]) => String(key))).size === items.length;
      return simple ? Object.fromEntries(items as [string, unknown][]) : new Map(items);
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
 * Both formats of PyTorch's are read: the archives of 1.6 and later, and the ones before (`_use_new_zipfile_serialization=False`).
 *
 * Errors: a file that is no checkpoint or is damaged, big-endian numbers, Python objects other than those above, containers that
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
  return closing(
    openSource(source),
    (opened) => isLegacy(opened) ? readLegacy(opened, options, converter) : readArchive(opened, options),
  ) as T;
}

function readArchive(source: Source, options: ReadOptions): unknown {
  const { name } = source, archive = new ZipReader(source);
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
  const bytes = archive.read(pickles[0]!), globals = new CheckpointGlobals(reader, bytes.length);
  const value = unpickle(pickleReader(bytesSource(bytes, name), name), globals, name);
  return converter(reader)(value);
}
