import { assertEquals } from "@std/assert";

const root = new URL("../..", import.meta.url);
const expected = Deno.readTextFileSync(new URL("examples/cross_entropy.out", root));

/** Runs the example as a person would, except that nobody can answer a prompt; fails if it does not end by itself. */
async function run(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "examples/cross_entropy.ts", ...args],
    cwd: root,
    env: { XDG_RUNTIME_DIR: Deno.env.get("XDG_RUNTIME_DIR") ?? "/tmp" },
    stdin: "null",
    signal: AbortSignal.timeout(60_000),
  }).output();
  const decoder = new TextDecoder();
  assertEquals(code, 0, decoder.decode(stderr));
  return decoder.decode(stdout);
}

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
