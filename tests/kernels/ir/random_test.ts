import { assertEquals } from "@std/assert";
import { availableDevices, type DeviceName, randomBits, read, scalar } from "../../../kernels/mod.ts";
import { evaluate } from "../../../kernels/ir/evaluate.ts";
import { constant } from "../../../kernels/ir/expr.ts";
import { threefry } from "../../../kernels/ir/random.ts";

const word = (value: number) => constant(value, "uint32");

Deno.test("threefry() gives the published words", () => {
  const of = (...words: [number, number, number, number]) => {
    const [k0, k1, c0, c1] = words;
    return evaluate(threefry(word(k0), word(k1), word(c0), word(c1)), {});
  };
  assertEquals(of(0, 0, 0, 0), 0x6b200159);
  const all = 0xffffffff;
  assertEquals(of(all, all, all, all), 0x1cb996fc);
  assertEquals(of(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3), 0xc4923a9c);
});

Deno.test("randomBits() gives the same bits on every device, with the key as data", () => {
  const draw = (
    device: DeviceName,
    seed: number,
  ) => [...read(randomBits(1000, [scalar(seed, "uint32", device), scalar(0, "uint32", device)]))];
  const [first, ...others] = availableDevices().map((device) => draw(device, 7));
  for (const other of others) assertEquals(other, first);
  assertEquals(draw("cpu", 0)[0], 0x6b200159);
  const mean = first!.reduce((a, b) => a + b, 0) / first!.length / 2 ** 32;
  assertEquals(Math.abs(mean - 0.5) < 0.03, true);
  assertEquals(new Set(first).size, 1000);
});
