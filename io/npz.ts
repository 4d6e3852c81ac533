/**
 * NumPy's archives of several arrays.
 *
 * @module
 */

import type { FileSource } from "../data/files.ts";
import { bytesSource, closing, openSource } from "../data/source.ts";
import type { StateDict } from "../nn/module_state.ts";
import { Tensor, ValueError } from "../tensor/mod.ts";
import { type Content, contentBytes, type FileTarget, writeContent } from "./content.ts";
import { npyContent, npyTensor } from "./npy.ts";
import type { ReadOptions } from "./stored_types.ts";
import { zipContent } from "./zip_writer.ts";
import { ZipReader } from "./zip_reader.ts";

/**
 * The tensors in an .npz file by name, compressed or not; `readNpy` says which arrays are read.
 *
 * Errors: those of `readNpy`, damaged archives, archives that would unpack to more than a hundred times their size (and more than 256 MiB).
 *
 * ```ts
 * import { io, tensor } from "@tensaur/tensaur";
 *
 * const bytes = io.encodeNpz({ x: tensor([1, 2]), y: tensor(0.5) });
 * console.log(io.readNpz(bytes).x); // tensor([1, 2])
 * ```
 *
 * @param source A path, or the content of a file.
 * @see {@link https://numpy.org/doc/stable/reference/generated/numpy.load.html}
 */
export function readNpz(source: FileSource, options: ReadOptions = {}): StateDict {
  return closing(openSource(source), (opened) => {
    const archive = new ZipReader(opened);
    return Object.fromEntries(
      archive.names().map((entry) => {
        if (!entry.endsWith(".npy")) {
          throw new ValueError(`Cannot read ${opened.name} as an .npz file: its entry "${entry}" is no .npy file`);
        }
        const content = bytesSource(archive.read(entry), `"${entry}" of ${opened.name}`);
        return [entry.slice(0, -4), npyTensor(content, options)];
      }),
    );
  });
}

function contentOf(tensors: Readonly<StateDict>): Content {
  return zipContent(
    Object.entries(tensors).map(([name, x]) => {
      if (!(x instanceof Tensor)) throw new ValueError(`Cannot write "${name}" to an .npz file: it is no tensor`);
      const content = npyContent(x);
      return { name: `${name}.npy`, length: content.length, bytes: () => contentBytes(content) };
    }),
  );
}

/**
 * The content of an .npz file.
 *
 * ```ts
 * import { io, tensor } from "@tensaur/tensaur";
 *
 * console.log(Object.keys(io.readNpz(io.encodeNpz({ x: tensor([1, 2]) })))); // [ "x" ]
 * ```
 *
 * @see {@link https://numpy.org/doc/stable/reference/generated/numpy.savez.html}
 */
export function encodeNpz(tensors: Readonly<StateDict>): Uint8Array<ArrayBuffer> {
  return contentBytes(contentOf(tensors));
}

/**
 * Writes tensors by name to an .npz file, uncompressed; one tensor at a time is copied.
 *
 * ```ts
 * import { io, tensor } from "@tensaur/tensaur";
 *
 * io.writeNpz(`${Deno.makeTempDirSync()}/xy.npz`, { x: tensor([1, 2]), y: tensor(0.5) });
 * ```
 *
 * @see {@link https://numpy.org/doc/stable/reference/generated/numpy.savez.html}
 */
export function writeNpz(target: FileTarget, tensors: Readonly<StateDict>): void {
  writeContent(target, contentOf(tensors));
}
