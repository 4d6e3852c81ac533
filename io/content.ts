/**
 * Parts of files: read where they are needed, written one after the other, so that a large file is never held as a whole.
 *
 * @module
 */

import { attempt, type FileSource, nameOf, pathOf } from "../data/files.ts";
import { ValueError } from "../tensor/mod.ts";

/** Where to write a file. */
export type FileTarget = string | URL;

/** Something of known length, of which parts can be read. */
export interface Source {
  /** What messages call it. */
  readonly name: string;
  /** Its length in bytes. */
  readonly size: number;
  /** A copy of `length` bytes; throws where there are not so many. */
  read(start: number, length: number): Uint8Array<ArrayBuffer>;
}

/** Something to be written, made piece by piece. */
export interface Content {
  /** Its length in bytes. */
  readonly length: number;
  /** Its pieces in order. */
  chunks(): Iterable<Uint8Array>;
}

interface RandomAccess {
  openSync(path: string, flags: "r" | "w"): number;
  closeSync(fd: number): void;
  fstatSync(fd: number): { readonly size: number; isDirectory(): boolean };
  readSync(fd: number, into: Uint8Array, offset: number, length: number, position: number): number;
  writeSync(fd: number, from: Uint8Array, offset: number, length: number): number;
}

/** Bytes that one call of the host reads or writes. */
const PIECE = 2 ** 26;

function withFile<T>(path: string, verb: "read" | "write", use: (fs: RandomAccess, fd: number) => T): T {
  return attempt<RandomAccess, T>(path, "", (fs) => {
    const fd = fs.openSync(path, verb === "read" ? "r" : "w");
    try {
      return use(fs, fd);
    } finally {
      fs.closeSync(fd);
    }
  }, verb);
}

function checkRange(name: string, size: number, start: number, length: number): void {
  if (start >= 0 && length >= 0 && start + length <= size) return;
  throw new ValueError(
    `Cannot read ${name}: it should have ${length} bytes from ${start}, and has ${size} in all. It is truncated or damaged`,
  );
}

/** A file, opened for each read so that nothing has to be closed; or bytes. */
export function openSource(source: FileSource): Source {
  const name = nameOf(source);
  if (source instanceof Uint8Array) {
    return {
      name,
      size: source.length,
      read(start, length) {
        checkRange(name, source.length, start, length);
        return Uint8Array.prototype.slice.call(source, start, start + length) as Uint8Array<ArrayBuffer>;
      },
    };
  }
  const path = pathOf(source);
  const size = withFile(path, "read", (fs, fd) => {
    const entry = fs.fstatSync(fd);
    if (entry.isDirectory()) throw new ValueError(`Cannot read ${path}: it is a folder`);
    return entry.size;
  });
  return {
    name,
    size,
    read(start, length) {
      checkRange(name, size, start, length);
      return withFile(path, "read", (fs, fd) => {
        const bytes = new Uint8Array(length);
        for (let done = 0; done < length;) {
          const count = fs.readSync(fd, bytes, done, Math.min(PIECE, length - done), start + done);
          if (count === 0) checkRange(name, start + done, start, length);
          done += count;
        }
        return bytes;
      });
    },
  };
}

/** Writes a file, in place of the one that may be there. */
export function writeContent(target: FileTarget, content: Content): void {
  withFile(pathOf(target), "write", (fs, fd) => {
    for (const chunk of content.chunks()) {
      for (let done = 0; done < chunk.length;) {
        done += fs.writeSync(fd, chunk, done, Math.min(PIECE, chunk.length - done));
      }
    }
  });
}

/** All of it. */
export function contentBytes(content: Content): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(content.length);
  let at = 0;
  for (const chunk of content.chunks()) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
