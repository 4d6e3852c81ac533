/**
 * Reading and writing files in the format that their names tell.
 *
 * @module
 */

import { pathOf } from "../data/files.ts";
import type { StateDict } from "../nn/module_state.ts";
import { Tensor, ValueError } from "../tensor/mod.ts";
import type { FileTarget } from "./content.ts";
import { readGguf } from "./gguf.ts";
import { readNpy, writeNpy } from "./npy.ts";
import { readNpz, writeNpz } from "./npz.ts";
import { readPyTorch } from "./pytorch_reader.ts";
import { writePyTorch } from "./pytorch_writer.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";
import type { ReadOptions } from "./stored_types.ts";

interface Format {
  readonly endings: readonly string[];
  read(path: string, options: ReadOptions): unknown;
  /** Missing where files are not written alone. */
  write?(path: string, value: object): void;
}

/** Throws unless a value is an object of tensors. */
function named(value: object, path: string): StateDict {
  const items: unknown[] = value instanceof Tensor || Array.isArray(value) ? [null] : Object.values(value);
  if (items.every((item) => item instanceof Tensor)) return value as StateDict;
  throw new ValueError(
    `Cannot save to ${path} anything but tensors by name, { name: tensor }: for other values take .pt, for one tensor .npy`,
  );
}

const formats: readonly Format[] = [
  {
    endings: [".safetensors"],
    read: readSafetensors,
    write: (path, value) => writeSafetensors(path, named(value, path)),
  },
  { endings: [".safetensors.index.json"], read: readSafetensors },
  { endings: [".pt", ".pth", ".bin", ".ckpt"], read: readPyTorch, write: writePyTorch },
  { endings: [".gguf"], read: readGguf },
  { endings: [".npz"], read: readNpz, write: (path, value) => writeNpz(path, named(value, path)) },
  {
    endings: [".npy"],
    read: readNpy,
    write(path, value) {
      if (value instanceof Tensor) return writeNpy(path, value);
      throw new ValueError(`Cannot save to ${path} anything but one tensor: for several take .npz or .safetensors`);
    },
  },
];

function formatOf(path: string, action: "load" | "save"): Format {
  const possible = formats.filter(({ write }) => action === "load" || write !== undefined);
  const found = possible.find(({ endings }) => endings.some((ending) => path.toLowerCase().endsWith(ending)));
  if (found !== undefined) return found;
  throw new ValueError(
    `Cannot ${action} ${path}: its name should end with ${possible.flatMap(({ endings }) => endings).join(", ")}`,
  );
}

/**
 * What a file holds, by the end of its name: `.safetensors`, `.gguf` and `.npz`, tensors by name; `.safetensors.index.json`, the tensors of all
 * shards; `.pt`, `.pth`, `.bin` and `.ckpt`, what `torch.save` wrote, of which nothing is run; `.npy`, a tensor. It is read at once; it
 * may be awaited, too.
 *
 * Errors: an unknown ending, a damaged or missing file, missing permission, and those of `readSafetensors`, `readPyTorch`, `readGguf`,
 * `readNpz` and `readNpy`.
 *
 * ```ts
 * import { io, nn } from "@tensaur/tensaur";
 *
 * const path = `${Deno.makeTempDirSync()}/model.safetensors`;
 * const model = new nn.Linear(4, 2);
 * io.save(model.stateDict(), path);
 * console.log(model.loadStateDict(await io.load(path))); // <All keys matched successfully>
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.load.html}
 */
export function load<T = StateDict>(source: FileTarget, options: ReadOptions = {}): T {
  const path = pathOf(source);
  return formatOf(path, "load").read(path, options) as T;
}

/**
 * Writes a value to a file in the format that the end of its name tells, which `load` reads: `.safetensors` or `.npz` for tensors by name,
 * `.pt`, `.pth`, `.bin` or `.ckpt` for checkpoints, `.npy` for one tensor. The value comes first, as in PyTorch.
 *
 * Errors: an unknown ending, a value that the format does not hold, a missing folder, missing permission.
 *
 * ```ts
 * import { io, nn, optim } from "@tensaur/tensaur";
 *
 * const model = new nn.Linear(4, 2), optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
 * const path = `${Deno.makeTempDirSync()}/checkpoint.pt`;
 * io.save({ epoch: 1, model: model.stateDict(), optimizer: optimizer.stateDict() }, path);
 * console.log(io.load<{ epoch: number }>(path).epoch); // 1
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.save.html}
 */
export function save(value: object, target: FileTarget): void {
  const path = pathOf(target);
  formatOf(path, "save").write!(path, value);
}
