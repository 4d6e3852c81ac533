import { assert, assertEquals } from "@std/assert";

/** Runs a script in a process of its own, without permissions, and says how it ended. */
async function run(script: string, limit = 60_000): Promise<{ code: number; output: string; milliseconds: number }> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  const library = new URL("../mod.ts", import.meta.url);
  await Deno.writeTextFile(file, script.replace("LIBRARY", `"${library}"`));
  const start = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", file],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const timer = setTimeout(() => child.kill(), limit);
  const { code, stdout, stderr } = await child.output();
  clearTimeout(timer);
  await Deno.remove(file);
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, output: text(stdout) + (code === 0 ? "" : text(stderr)), milliseconds: performance.now() - start };
}

const threaded = `
import { randn, setDefaultDevice } from LIBRARY;
setDefaultDevice("cpu");
const a = randn([512, 512]);
let sum = 0;
for (let i = 0; i < 30; i++) sum += a.matmul(a).add(i).sum().item();
console.log(Number.isFinite(sum) ? "done" : "wrong");
`;

Deno.test("two processes with threads on end by themselves", async () => {
  for (const { code, output } of await Promise.all([run(threaded), run(threaded)])) {
    assertEquals(output.trim(), "done");
    assertEquals(code, 0);
  }
});

Deno.test("a script that throws ends with its error", async () => {
  const { code, output } = await run(`
import { zeros } from LIBRARY;
zeros([512, 512]).matmul(zeros([512, 512])).sum().item();
zeros([2]).add(zeros([3]));
`);
  assertEquals(code, 1);
  assert(output.includes("Cannot add tensors of shapes [2] and [3]"), output);
});

Deno.test("a host that does not share memory with threads computes on one, in memory that grows", async () => {
  const { code, output } = await run(`
(globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated = false;
const { describeDevice, ones, setDefaultDevice } = await import(LIBRARY);
setDefaultDevice("cpu");
const a = ones([300, 300]);
for (let i = 0; i < 30; i++) a.matmul(a).sum().item();
const big = ones([3e6]), kept = big.mul(2);
console.log(describeDevice("cpu"), kept.add(big).sum().item(), a.matmul(a).at(7, 7).item());
`);
  assertEquals(output.trim(), "WebAssembly SIMD, 1 thread 9000000 300");
  assertEquals(code, 0);
});
