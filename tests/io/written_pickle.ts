/**
 * Checkpoints with any pickle.
 *
 * @module
 */

import { io, ones, type Tensor } from "../../mod.ts";

/** The bytes of a pickle whose instructions are written as numbers and texts. */
export function pickled(pickle: readonly (number | string)[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(pickle.flatMap((x) => typeof x === "string" ? [...new TextEncoder().encode(x)] : [x]));
}

/** An archive with any pickle. */
export function archive(pickle: readonly (number | string)[], storage: Tensor = ones([2])): Uint8Array<ArrayBuffer> {
  const bytes = pickled(pickle);
  // A checkpoint whose pickle is long enough has its bytes replaced.
  const text = " ".repeat(bytes.length);
  const written = io.encodePyTorch([storage, text]);
  return replacePickle(written, bytes);
}

/** Where the pickle of an archive of ours is. */
function pickleIn(archive: Uint8Array<ArrayBuffer>): { start: number; length: number } {
  const view = new DataView(archive.buffer);
  return { start: 30 + view.getUint16(26, true) + view.getUint16(28, true), length: view.getUint32(18, true) };
}

/** The pickle of an archive of ours. */
export function pickleOf(archive: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const { start, length } = pickleIn(archive);
  return archive.slice(start, start + length);
}

/** The archive of `written` with another pickle, padded behind its end, and the checksum that this has. */
export function replacePickle(written: Uint8Array<ArrayBuffer>, pickle: Uint8Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(written.buffer), { start, length } = pickleIn(written);
  written.fill(0, start, start + length);
  written.set(pickle, start);
  let crc = ~0;
  for (const byte of written.subarray(start, start + length)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >>> 1 ^ 0xedb88320 : crc >>> 1;
  }
  const directory = view.getUint32(written.length - 6, true);
  view.setUint32(directory + 16, ~crc, true);
  return written;
}

/** A text of a pickle. */
export const text = (x: string): (number | string)[] => [0x58, x.length, 0, 0, 0, x];

/** A tensor with any place in its storage. */
export function placed(count: number, offset: number, size: number[], stride: number[]): (number | string)[] {
  const number = (x: number): number[] => [0x4a, x & 255, x >> 8 & 255, x >> 16 & 255, x >> 24 & 255];
  const tuple = (list: number[]): number[] => [0x28, ...list.flatMap(number), 0x74];
  return [
    ..."\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((".split("").map((c) => c.charCodeAt(0)),
    ...[...text("storage"), "ctorch\nFloatStorage\n", ...text("0"), ...text("cpu"), ...number(count), 0x74, 0x51],
    ...[...number(offset), ...tuple(size), ...tuple(stride), 0x89, 0x7d, 0x74, 0x52, 0x2e],
  ];
}
