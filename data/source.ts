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

/** A file that the host has open. */
class OpenFile {
  readonly #fs: Reading;
  readonly #fd: number;
  #closed = false;

  constructor(fs: Reading, readonly path: string, fd: number, readonly size: number) {
    this.#fs = fs;
    this.#fd = fd;
  }

  read(name: string, start: number, length: number): Uint8Array<ArrayBuffer> {
    if (this.#closed) {
      throw new ValueError(`Cannot read ${this.path}: it was closed. Read before close(), or open it again`);
    }
    checkRange(name, this.size, start, length);
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const count = this.#fs.readSync(this.#fd, bytes, done, Math.min(PIECE, length - done), start + done);
      if (count === 0) checkRange(name, start + done, start, length);
      done += count;
    }
    return bytes;
  }

  close(): void {
    if (!this.#closed) this.#fs.closeSync(this.#fd);
    this.#closed = true;
  }
}

function openFile(path: string): OpenFile {
  return attempt<Reading, OpenFile>(path, "", (fs) => {
    const fd = fs.openSync(path, "r"), entry = fs.fstatSync(fd);
    if (!entry.isDirectory()) return new OpenFile(fs, path, fd, entry.size);
    fs.closeSync(fd);
    throw new ValueError(`Cannot read ${path}: it is a folder`);
  });
}

/** Closes files whose sources were dropped without being closed. */
const dropped = new FinalizationRegistry<OpenFile>((file) => file.close());

/** A file, open until it is closed; or bytes. */
export function openSource(source: FileSource): Source {
  if (source instanceof Uint8Array) return bytesSource(source, nameOf(source));
  const file = openFile(pathOf(source)), name = `${source}`;
  const opened: Source = {
    name,
    size: file.size,
    read: (start, length) => file.read(name, start, length),
    [Symbol.dispose]: () => file.close(),
  };
  dropped.register(opened, file);
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

/** What `body` makes of something open, which is closed afterwards. (Not every engine reads `using` declarations yet.) */
export function closing<Opened extends Disposable, T>(opened: Opened, body: (opened: Opened) => T): T {
  try {
    return body(opened);
  } finally {
    opened[Symbol.dispose]();
  }
}
