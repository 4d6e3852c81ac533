import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { deviceStats, noGrad, ones, profile, randn, ValueError } from "../../mod.ts";
import { testOnDevices } from "./expect.ts";

testOnDevices("profile() tells each kernel's calls, time, bytes and operations", () => {
  const a = randn([8, 16]), b = randn([16, 4]);
  const profiled = profile(() => {
    // Read one after the other, so that there are two runs of the same kernel.
    const first = a.matmul(b).relu().dataSync()[0]!, second = a.matmul(b).relu().dataSync()[0]!;
    return [a.add(1).dataSync().length, first - second];
  });
  assertEquals(profiled.result, [128, 0]);
  assertEquals(profiled.kernels.map(({ name, calls }) => `${calls} ${name}`).sort(), [
    "1 add [128]",
    "2 contract [8, 4] over [16], max",
  ]);
  const product = profiled.kernels.find(({ calls }) => calls === 2)!;
  assertEquals(product.bytes, 2 * 4 * (8 * 16 + 16 * 4 + 8 * 4));
  assertEquals(product.operations, 2 * (2 * 8 * 4 * 16 + 8 * 4));
  assertEquals(product.device, a.device);
  assertAlmostEquals(profiled.kernels.reduce((sum, { share }) => sum + share, 0), 1, 1e-9);
  for (const { milliseconds } of profiled.kernels) assert(milliseconds >= 0 && milliseconds <= profiled.milliseconds);
  const times = profiled.kernels.map(({ milliseconds }) => milliseconds);
  assertEquals(times, times.toSorted((a, b) => b - a));
});

testOnDevices("profile() leaves out what was pending before, and takes in what is pending after", () => {
  const x = ones([4]), before = x.mul(2);
  const profiled = profile(() => x.add(3));
  assertEquals(profiled.kernels.map(({ name, calls }) => [name, calls]), [["add [4]", 1]]);
  const { launched } = deviceStats(x.device);
  assertEquals(profiled.result.add(before).tolist(), [6, 6, 6, 6]);
  assertEquals(deviceStats(x.device).launched, launched + 1);
  assertEquals(profile(() => 7).kernels, []);
});

Deno.test("profile() prints a table and writes a trace that Chrome opens", () => {
  const x = randn([4, 5]);
  const profiled = profile(() => x.exp().sum(1).dataSync());
  const lines = `${profiled}`.split("\n");
  assertEquals(lines[1]!.split(/ {2,}/), [
    "Kernel",
    "Device",
    "Calls",
    "Total ms",
    "Mean ms",
    "Share",
    "MB",
    "GB/s",
    "GFLOP/s",
  ]);
  assert(/^sum of exp \[4, 5\] +cpu +1 .* 100.0% /.test(lines[3]!), lines[3]);
  assert(/^Kernels: [\d.]+ ms of [\d.]+ ms, 1 launch$/.test(lines.at(-1)!), lines.at(-1));
  assertEquals(Deno.inspect(profiled), `${profiled}`);
  assertEquals(profiled.table({ rowLimit: 0 }).split("\n").length, 5);
  const show = Reflect.get(profiled, Symbol.for("Jupyter.display")) as () => Record<string, string>;
  assert(show.call(profiled)["text/html"]!.includes("sum of exp [4, 5]"));
  const path = Deno.makeTempFileSync({ suffix: ".json" });
  try {
    profiled.exportChromeTrace(path);
    const { traceEvents } = JSON.parse(Deno.readTextFileSync(path));
    assertEquals(traceEvents[0], { name: "thread_name", ph: "M", pid: 1, tid: 0, args: { name: "cpu" } });
    const [, { name, ph, ts, dur, tid, args }] = traceEvents;
    assertEquals([name, ph, tid, args.bytes, args.operations], ["sum of exp [4, 5]", "X", 0, 96, 40]);
    assert(ts >= 0 && dur >= 0 && ts + dur <= 1000 * profiled.milliseconds);
  } finally {
    Deno.removeSync(path);
  }
});

Deno.test("profile() passes errors on, refuses promises, and stops watching", () => {
  assertThrows(
    () =>
      profile(() => {
        throw new ValueError("broken");
      }),
    ValueError,
    "broken",
  );
  assertThrows(() => profile(() => Promise.reject(new Error("unseen"))), ValueError, "promise");
  const outer = profile(() => profile(() => noGrad(() => ones([2]).add(1).dataSync())).kernels.length);
  assertEquals(outer.result, 1);
});
