/**
 * The checksum of zip archives.
 *
 * @module
 */

import { builtinIfAny } from "../data/files.ts";

type Checksum = (bytes: Uint8Array) => number;

/** Eight tables: what a byte contributes when up to seven more follow it. */
function makeTables(): Uint32Array[] {
  const tables = Array.from({ length: 8 }, () => new Uint32Array(256));
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? value >>> 1 ^ 0xedb88320 : value >>> 1;
    tables[0]![byte] = value;
  }
  for (let level = 1; level < 8; level++) {
    for (let byte = 0; byte < 256; byte++) {
      const before = tables[level - 1]![byte]!;
      tables[level]![byte] = before >>> 8 ^ tables[0]![before & 255]!;
    }
  }
  return tables;
}

/** Made when a checksum is first asked for. */
let tables: Uint32Array[] | undefined;

let checksum: Checksum | undefined;

/**
 * CRC-32 as in zip, gzip and PNG; the host's, which is ten times as fast, where it has one.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc1952#section-8}
 */
export function crc32(bytes: Uint8Array): number {
  return (checksum ??= builtinIfAny<{ crc32?: Checksum }>("node:zlib")?.crc32 ?? fromTables)(bytes);
}

function fromTables(bytes: Uint8Array): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = (tables ??= makeTables()) as [
    ...[Uint32Array, Uint32Array, Uint32Array, Uint32Array],
    ...[Uint32Array, Uint32Array, Uint32Array, Uint32Array],
  ];
  let crc = ~0, i = 0;
  for (const end = bytes.length - 7; i < end; i += 8) {
    crc = t7[(crc ^ bytes[i]!) & 255]! ^ t6[(crc >>> 8 ^ bytes[i + 1]!) & 255]! ^
      t5[(crc >>> 16 ^ bytes[i + 2]!) & 255]! ^ t4[crc >>> 24 ^ bytes[i + 3]!]! ^
      t3[bytes[i + 4]!]! ^ t2[bytes[i + 5]!]! ^ t1[bytes[i + 6]!]! ^ t0[bytes[i + 7]!]!;
  }
  for (; i < bytes.length; i++) crc = crc >>> 8 ^ t0[(crc ^ bytes[i]!) & 255]!;
  return ~crc >>> 0;
}
