/**
 * Writing checkpoints that PyTorch reads.
 *
 * @module
 */

import { pathOf } from "../data/files.ts";
import type { Tensor } from "../tensor/mod.ts";
import { type Content, contentBytes, type FileTarget, writeContent } from "./content.ts";
import { pickle } from "./pickle_writer.ts";
import type { CheckpointValue } from "./pytorch_reader.ts";
import { TensorPlaces } from "./pytorch_places.ts";
import { tensorBytes } from "./stored_types.ts";
import { zipContent, type ZipEntry } from "./zip_writer.ts";

function elementsOf(x: Tensor): Uint8Array<ArrayBuffer> {
  const bytes = tensorBytes(x);
  if (x.dtype !== "uint32") return bytes;
  return new Uint8Array(BigInt64Array.from(new Uint32Array(bytes.buffer), BigInt).buffer);
}

function contentOf(value: CheckpointValue, root: string): Content {
  const places = new TensorPlaces();
  // Which tensors show elements of one another is known when all were seen.
  pickle(value, (x) => places.note(x));
  const bytes = pickle(value, (x) => places.of(x));
  const entries = places.storages.map(({ key, elements }): ZipEntry => ({
    name: `${root}/data/${key}`,
    length: elements.numel() * (elements.dtype === "uint32" ? 8 : elements.elementSize()),
    bytes: () => elementsOf(elements),
  }));
  const fixed = (name: string, content: Uint8Array<ArrayBuffer>): ZipEntry => ({
    name: `${root}/${name}`,
    length: content.length,
    bytes: () => content.slice(),
  });
  const text = (content: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(content);
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
 * that show elements of one another (tied weights, a tensor and its views) share a storage, as they do in PyTorch; a view alone is
 * written without the rest of what it is a view of.
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
