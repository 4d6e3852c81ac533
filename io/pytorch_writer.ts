/**
 * Writing checkpoints that PyTorch reads.
 *
 * @module
 */

import { pathOf } from "../data/files.ts";
import type { DType, Tensor } from "../tensor/mod.ts";
import { type Content, contentBytes, type FileTarget, writeContent } from "./content.ts";
import { pickle, type StorageReference } from "./pickle_writer.ts";
import type { CheckpointValue } from "./pytorch_reader.ts";
import { tensorBytes } from "./stored_types.ts";
import { zipContent, type ZipEntry } from "./zip_writer.ts";

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

function elementsOf(x: Tensor): Uint8Array<ArrayBuffer> {
  const bytes = tensorBytes(x);
  if (x.dtype !== "uint32") return bytes;
  return new Uint8Array(BigInt64Array.from(new Uint32Array(bytes.buffer), BigInt).buffer);
}

function contentOf(value: CheckpointValue, root: string): Content {
  const storages = new Map<Tensor["node"], StorageReference>();
  const entries: ZipEntry[] = [];
  // Tensors that have the very same elements, such as tied weights, have one storage.
  const bytes = pickle(value, (x) => {
    let storage = storages.get(x.node);
    if (storage === undefined) {
      storage = { type: storageNames[x.dtype], key: String(entries.length) };
      storages.set(x.node, storage);
      const length = x.numel() * (x.dtype === "uint32" ? 8 : x.elementSize());
      entries.push({ name: `${root}/data/${storage.key}`, length, bytes: () => elementsOf(x) });
    }
    return storage;
  });
  const fixed = (name: string, content: Uint8Array): ZipEntry => ({
    name: `${root}/${name}`,
    length: content.length,
    bytes: () => content,
  });
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  return zipContent([
    fixed("data.pkl", bytes),
    fixed("byteorder", text("little")),
    ...entries,
    fixed("version", text("3\n")),
  ]);
}

/**
 * The content of a checkpoint; `writePyTorch` says what may be in it.
 *
 * ```ts
 * import { io, tensor } from "@tensaur/tensaur";
 *
 * const bytes = io.encodePyTorch({ weights: [tensor([1, 2])], note: "half-way" });
 * console.log(io.readPyTorch<{ note: string }>(bytes).note); // half-way
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.save.html}
 */
export function encodePyTorch(value: CheckpointValue | object): Uint8Array<ArrayBuffer> {
  return contentBytes(contentOf(value as CheckpointValue, "archive"));
}

/**
 * Writes a checkpoint that `torch.load` reads: tensors, parameters, numbers, texts, truth values, null (None), and lists, objects, Maps and
 * Sets of these; state dicts of modules, optimizers and schedules are that. One tensor at a time is copied.
 *
 * JavaScript does not tell `1.` from `1`: whole numbers become int, others float. Names of an object that are whole numbers become int, as
 * the parameters' numbers in an optimizer's state are, unless all values are tensors (a state dict). uint32 is written as int64. Tensors
 * of the very same elements, such as tied weights, share a storage; other views are written on their own.
 *
 * Errors: functions, modules and other objects, containers that contain themselves, a missing folder or permission.
 *
 * ```ts
 * import { io, nn, optim } from "@tensaur/tensaur";
 *
 * const model = new nn.Linear(4, 2), optimizer = new optim.Adam(model.parameters());
 * const path = `${Deno.makeTempDirSync()}/checkpoint.pt`;
 * io.writePyTorch(path, { model: model.stateDict(), optimizer: optimizer.stateDict() });
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.save.html}
 */
export function writePyTorch(target: FileTarget, value: CheckpointValue | object): void {
  const path = pathOf(target);
  const stem = path.split(/[/\\]/).at(-1)!.replace(/\.[^.]*$/, "");
  writeContent(path, contentOf(value as CheckpointValue, stem === "" ? "archive" : stem));
}
