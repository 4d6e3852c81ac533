/**
 * Files written piece by piece, so that a large one is never held as a whole.
 *
 * @module
 */

import { attempt, pathOf } from "../data/files.ts";

/** Where to write a file. */
export type FileTarget = string | URL;

/** Something to be written, made piece by piece. */
export interface Content {
  /** Its length in bytes. */
  readonly length: number;
  /** Its pieces in order. */
  chunks(): Iterable<Uint8Array>;
}

interface Writing {
  openSync(path: string, flags: "w"): number;
  closeSync(fd: number): void;
  writeSync(fd: number, from: Uint8Array, offset: number, length: number): number;
}

/** Bytes that one call of the host writes. */
const PIECE = 2 ** 26;

/** Writes a file, in place of the one that may be there. */
export function writeContent(target: FileTarget, content: Content): void {
  const path = pathOf(target);
  attempt<Writing, void>(path, "", (fs) => {
    const fd = fs.openSync(path, "w");
    try {
      for (const chunk of content.chunks()) {
        for (let done = 0; done < chunk.length;) {
          done += fs.writeSync(fd, chunk, done, Math.min(PIECE, chunk.length - done));
        }
      }
    } finally {
      fs.closeSync(fd);
    }
  }, "write");
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

/** Frees bytes that nobody needs any more, now: until the collector came, those of many tensors would lie side by side. */
export function release(bytes: Uint8Array<ArrayBuffer>): void {
  bytes.buffer.transfer(0);
}
