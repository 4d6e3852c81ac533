import { assertEquals } from "@std/assert";
import { defaultDevice, fmod, remainder, tensor } from "../../../mod.ts";
import { testOnDevices } from "../../tensor/expect.ts";

/** Pairs whose quotients are near whole numbers, of all sizes, and special: as many of each kind in a row as a vector has. */
function pairs(): [Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>] {
  const special = [0, -0, 1, -1, Infinity, -Infinity, NaN, 1e-45, -1e-45, 2 ** -126, 3.4e38, 2 ** 24, 2 ** 24 + 2, 0.1];
  const a: number[] = [], b: number[] = [], word = new DataView(new ArrayBuffer(4));
  let seed = 1;
  const bits = (): number => seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  const float = (): number => {
    word.setUint32(0, bits());
    return word.getFloat32(0);
  };
  for (let i = 0; i < 4096; i++) {
    const x = Math.fround((bits() / 2 ** 31 - 1) * 10 ** (i % 7)), y = Math.fround(x / (1 + bits() % 100_000));
    a.push(x), b.push(i % 3 === 0 ? Math.fround(y * (1 + 2 ** -23)) : i % 3 === 1 ? -y : y);
  }
  for (let i = 0; i < 4096; i++) a.push(float()), b.push(float());
  for (const x of special) for (const y of special) a.push(x), b.push(y);
  return [Float32Array.from(a), Float32Array.from(b)];
}

testOnDevices("remainders of float32 are exact", () => {
  const [a, b] = pairs();
  const x = tensor(a), y = tensor(b);
  // A device may flush subnormal operands.
  const skip = (i: number): boolean =>
    defaultDevice() !== "cpu" && [a[i]!, b[i]!, a[i]! % b[i]!].some((v) => v !== 0 && Math.abs(v) < 2 ** -126);
  const expected = a.map((v, i) => v % b[i]!);
  const cut = fmod(x, y).dataSync(), floored = remainder(x, y).dataSync();
  expected.forEach((value, i) => {
    if (skip(i)) return;
    assertEquals(cut[i], value, `fmod(${a[i]}, ${b[i]})`);
    const shifted = value !== 0 && (value < 0) !== (b[i]! < 0) ? Math.fround(value + b[i]!) : value;
    assertEquals(floored[i], shifted, `remainder(${a[i]}, ${b[i]})`);
  });
});
