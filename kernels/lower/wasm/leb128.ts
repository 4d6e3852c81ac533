/**
 * The numbers and types of the WebAssembly binary format.
 *
 * @module
 */

/** Type of a parameter, result or local. */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

/** The byte that stands for each type. */
export const typeCodes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

/** Appends an unsigned LEB128 number below 2^32. */
export function pushUnsigned(out: number[], value: number): void {
  value >>>= 0;
  while (value > 127) {
    out.push(value & 127 | 128);
    value >>>= 7;
  }
  out.push(value);
}

/** Appends a signed LEB128 32-bit number. */
export function pushSigned(out: number[], value: number): void {
  value |= 0;
  for (;;) {
    const low = value & 127;
    value >>= 7;
    if ((value === 0 && low < 64) || (value === -1 && low >= 64)) {
      out.push(low);
      return;
    }
    out.push(low | 128);
  }
}

/** Appends an ASCII name. */
export function pushName(out: number[], name: string): void {
  pushUnsigned(out, name.length);
  for (let i = 0; i < name.length; i++) out.push(name.charCodeAt(i));
}

/** Appends bytes; a spread argument list would overflow the stack. */
export function append(out: number[], bytes: readonly number[]): void {
  for (let i = 0; i < bytes.length; i++) out.push(bytes[i]!);
}
