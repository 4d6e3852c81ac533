/**
 * Files of which parts are read where they are needed, so that a large one is never held as a whole.
 *
 * @module
 */

import { ValueError } from "../tensor/mod.ts";
import { attempt, type FileSource, nameOf, pathOf } from "./files.ts";

/** Something of known length, of which parts can be read until it is closed; `using` closes it. */
export interface Source extends Disposable {
  /** What messages call it. */
  readonly name: string;
  /** Its length in bytes. */
  readonly size: number;
  /** A copy of `length` bytes; throws where there are not so many. */
  read(start: number, length: number): Uint8Array<ArrayBuffer>;
}

interface Reading {
  openSync(path: string, flags: "r"): number;
  closeSync(fd: number): void;
  fstatSync(fd: number): { readonly size: number; isDirectory(): boolean };
  readSync(fd: number, into: Uint8Array, offset: number, length: number, position: number): number;
}

/** Bytes that one call of the host reads. */
const PIECE = 2 ** 26;

function checkRange(name: string, size: number, start: number, length: number): void {
  if (start >= 0 && length >= 0 && start + length <= size) return;
  throw new ValueError(
    `Cannot read ${name}: it should have ${length} bytes from ${start}, and has ${size} in all. It is truncated or damaged`,
  );
}

/** Closes files whose handles were dropped, not closed. */
const dropped = new FinalizationRegistry<() => void>((close) => close());

/** A file, open until it is closed; or bytes. */
export function openSource(source: FileSource): Source {
  if (source instanceof Uint8Array) return bytesSource(source, nameOf(source));
  const path = pathOf(source);
  let closed = false;
  const [fs, fd, size] = attempt<Reading, [Reading, number, number]>(path, "", (fs) => {
    const fd = fs.openSync(path, "r"), entry = fs.fstatSync(fd);
    if (!entry.isDirectory()) return [fs, fd, entry.size];
    fs.closeSync(fd);
    throw new ValueError(`Cannot read ${path}: it is a folder`);
  });
  const close = (): void => {
    if (!closed) fs.closeSync(fd);
    closed = true;
  };
  const opened: Source = {
    name: `${source}`,
    size,
    read(start, length) {
      if (closed) throw new ValueError(`Cannot read ${path}: it was closed. Read before close(), or open it again`);
      checkRange(this.name, size, start, length);
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length;) {
        const count = fs.readSync(fd, bytes, done, Math.min(PIECE, length - done), start + done);
        if (count === 0) checkRange(this.name, start + done, start, length);
        done += count;
      }
      return bytes;
    },
    [Symbol.dispose]() {
      dropped.unregister(opened);
      close();
    },
  };
  dropped.register(opened, close, opened);
  return opened;
}

/** Bytes in memory, called `name` in messages. */
export function bytesSource(bytes: Uint8Array, name: string): Source {
  return {
    name,
    size: bytes.length,
    read(start, length) {
      checkRange(name, bytes.length, start, length);
      return Uint8Array.prototype.slice.call(bytes, start, start + length) as Uint8Array<ArrayBuffer>;
    },
    [Symbol.dispose]() {},
  };
}
