/**
 * Floats of at most 8 bits, by tables of the numbers that they stand for.
 *
 * @module
 */

/** What a float's highest codes are: numbers as any others, infinities and NaN as in IEEE 754, or NaN for the last one alone. */
type Highest = "numbers" | "ieee" | "nan";

interface Layout {
  readonly exponent: number;
  readonly fraction: number;
  readonly bias: number;
  readonly highest: Highest;
  /** Whether the code of -0 is NaN, and there is no other. */
  readonly nanIsNegativeZero?: boolean;
}

function valueOf(code: number, { exponent, fraction, bias, highest, nanIsNegativeZero }: Layout): number {
  const sign = code >> exponent + fraction;
  const power = code >> fraction & 2 ** exponent - 1, part = code & 2 ** fraction - 1;
  if (nanIsNegativeZero && sign === 1 && power === 0 && part === 0) return NaN;
  const last = power === 2 ** exponent - 1;
  if (last && highest === "ieee") return part > 0 ? NaN : sign ? -Infinity : Infinity;
  if (last && highest === "nan" && part === 2 ** fraction - 1) return NaN;
  const scaled = part / 2 ** fraction;
  const size = power === 0 ? scaled * 2 ** (1 - bias) : (1 + scaled) * 2 ** (power - bias);
  return sign ? -size : size;
}

function table(layout: Layout): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    { length: 2 ** (1 + layout.exponent + layout.fraction) },
    (_, code) => valueOf(code, layout),
  );
}

const layouts = {
  F8_E4M3: { exponent: 4, fraction: 3, bias: 7, highest: "nan" },
  F8_E5M2: { exponent: 5, fraction: 2, bias: 15, highest: "ieee" },
  F8_E4M3FNUZ: { exponent: 4, fraction: 3, bias: 8, highest: "numbers", nanIsNegativeZero: true },
  F8_E5M2FNUZ: { exponent: 5, fraction: 2, bias: 16, highest: "numbers", nanIsNegativeZero: true },
  F4: { exponent: 2, fraction: 1, bias: 1, highest: "numbers" },
} as const satisfies Record<string, Layout>;

/** A type of float with at most 8 bits that becomes float32 here. */
export type SmallFloat = keyof typeof layouts | "F8_E8M0";

const tables = new Map<SmallFloat, Float32Array<ArrayBuffer>>();

function tableOf(type: SmallFloat): Float32Array<ArrayBuffer> {
  let found = tables.get(type);
  if (found === undefined) {
    // Powers of two alone, without a sign.
    found = type === "F8_E8M0"
      ? Float32Array.from({ length: 256 }, (_, code) => code === 255 ? NaN : 2 ** (code - 127))
      : table(layouts[type]);
    tables.set(type, found);
  }
  return found;
}

/**
 * The numbers of packed floats. Those of 4 bits come two to a byte, the first in its lower half, as in PyTorch's `float4_e2m1fn_x2`.
 *
 * @see {@link https://arxiv.org/abs/2209.05433}
 * @see {@link https://www.opencompute.org/documents/ocp-microscaling-formats-mx-v1-0-spec-final-pdf}
 */
export function smallFloats(type: SmallFloat, bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const values = tableOf(type);
  if (type !== "F4") return Float32Array.from(bytes, (byte) => values[byte]!);
  const numbers = new Float32Array(2 * bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    numbers[2 * i] = values[bytes[i]! & 15]!;
    numbers[2 * i + 1] = values[bytes[i]! >> 4]!;
  }
  return numbers;
}
