import { assertEquals } from "@std/assert";
import { outputOf, root } from "./run.ts";

const expected = Deno.readTextFileSync(new URL("examples/cross_entropy.out", root));
const run = (...args: string[]): Promise<string> => outputOf("cross_entropy", ...args);

Deno.test("the example needs no flag and prints PyTorch's numbers", async () => {
  assertEquals((await run()).replace("device is webgpu", "device is cpu"), expected);
});

Deno.test("the example prints the same digits on the CPU", async () => {
  assertEquals(await run("--device", "cpu"), expected);
});

if (await navigator.gpu?.requestAdapter()) {
  Deno.test("the example prints the same digits on WebGPU", async () => {
    assertEquals(await run("--device", "webgpu"), expected.replace("device is cpu", "device is webgpu"));
  });
}
