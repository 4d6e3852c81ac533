/**
 * Safetensors files with any header.
 *
 * @module
 */

/** A file of a header, as text or as what becomes JSON, and bytes behind it. */
export function safetensors(header: unknown, data: ArrayBufferView = new Uint8Array()): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.byteLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 8 + text.length);
  return bytes;
}
