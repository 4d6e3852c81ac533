import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { DeviceError, DTypeError, TensaurError } from "../../../kernels/errors.ts";
import type { DType, TypedArray } from "../../../kernels/ir/dtype.ts";
import { acc, binary, check, constant, load, scalarArg, variable } from "../../../kernels/ir/expr.ts";
import type { Kernel } from "../../../kernels/ir/kernel.ts";
import type { Device, Launch } from "../../../kernels/runtime/device.ts";
import { createWebGpuDevice } from "../../../kernels/runtime/webgpu.ts";
import { isSoftware } from "../../../kernels/runtime/webgpu_adapter.ts";
import { Faults } from "../../../kernels/runtime/webgpu_faults.ts";
import { Programs } from "../../../kernels/runtime/webgpu_programs.ts";
import { add, at, gpuTest, loop, mul, numbers, read, software, update, write } from "./gpu_case.ts";

function launch(kernel: Kernel, buffers: number[], scalars: number[] = [], checks: number[] = []): Launch {
  return { kernel, buffers, scalars, checks };
}

/** out[i] = in[i] * scalar 0. */
function scale(n: number): Kernel {
  const i = variable(0, n);
  const value = mul(load(0, "float32", i), scalarArg(0, "float32"));
  return loop([], [{ kind: "store", inner: [n], stores: [{ slot: 1, index: i, value }] }], [
    read("float32", n),
    write("float32", n),
  ], { scalars: ["float32"] });
}

/** counter[i] += 1. */
function increment(n: number): Kernel {
  const i = variable(0, n);
  const value = add(load(0, "float32", i), constant(1, "float32"));
  return loop([], [{ kind: "store", inner: [n], stores: [{ slot: 0, index: i, value }] }], [update("float32", n)]);
}

function upload(device: Device, data: Float32Array<ArrayBuffer>) {
  const buffer = device.allocate(device.byteLength("float32", data.length));
  device.write(buffer, "float32", data);
  return buffer;
}

gpuTest("webgpu writes and reads every dtype, of any length, in the same tick", async () => {
  const device = software!;
  const arrays: [DType, TypedArray][] = [
    ["float32", Float32Array.of(1.5, NaN, -0)],
    ["int32", Int32Array.of(-1, 2 ** 31 - 1)],
    ["uint32", Uint32Array.of(4294967295)],
    ["uint8", Uint8Array.of(0, 255, 7, 1, 2)],
    ["bool", Uint8Array.of(1, 0, 1)],
    ["float16", Float16Array.of(1.5, -2, 65504)],
    ["float32", new Float32Array(0)],
    ["float32", numbers(70_000)],
  ];
  for (const [dtype, data] of arrays) {
    const buffer = device.allocate(device.byteLength(dtype, data.length));
    device.write(buffer, dtype, data);
    assertEquals(device.read(buffer, dtype, data.length), data);
    assertEquals(await device.readAsync(buffer, dtype, data.length), data);
    device.free(buffer);
  }
});

gpuTest("webgpu runs launches in order as one submission, with scalars as data", () => {
  const device = software!;
  const n = 1000;
  const a = upload(device, numbers(n)), b = upload(device, numbers(n)), c = upload(device, numbers(n));
  const executable = device.prepare([launch(scale(n), [0, 1], [0]), launch(scale(n), [1, 2], [1])]);
  const { compiled, launched, submitted } = device.stats;
  for (const factor of [2, 3, 0.1]) {
    executable.run([a, b, c], [factor, 5]);
    const expected = numbers(n).map((x) => Math.fround(x * Math.fround(factor))).map((x) => x * 5);
    assertEquals(device.read(c, "float32", n), expected);
  }
  assertEquals(device.stats.compiled, compiled);
  assertEquals(device.stats.launched, launched + 6);
  assertEquals(device.stats.submitted, submitted + 6);
  assertEquals(executable.launches, 2);
  assertMatch(executable.text(1), /fn main/);
  for (const buffer of [a, b, c]) device.free(buffer);
});

gpuTest("webgpu runs with other buffers of the same plan, and many times without a read", () => {
  const device = software!;
  const n = 8;
  const executable = device.prepare([launch(increment(n), [0])]);
  const counters = [0, 100, 200].map((from) => upload(device, new Float32Array(n).fill(from)));
  for (let step = 0; step < 300; step++) executable.run([counters[step % 3]!], []);
  for (const [i, counter] of counters.entries()) {
    assertEquals(device.read(counter, "float32", n), new Float32Array(n).fill(100 * i + 100));
    device.free(counter);
  }
});

gpuTest("webgpu counts bytes and buffers, and reuses freed memory", () => {
  const device = software!;
  const { bytes, buffers } = device.stats;
  const first = device.allocate(1 << 20);
  assertEquals([device.stats.bytes, device.stats.buffers], [bytes + (1 << 20), buffers + 1]);
  device.free(first);
  device.free(first);
  assertEquals([device.stats.bytes, device.stats.buffers], [bytes, buffers]);
  assertThrows(() => device.read(first, "float32", 1), TensaurError, "freed");
  const second = device.allocate(1 << 20);
  assert(second.id !== first.id);
  device.free(second);
});

gpuTest("webgpu frees memory that pending work uses without disturbing it", () => {
  const device = software!;
  const n = 4096;
  const a = upload(device, new Float32Array(n).fill(3)), b = device.allocate(4 * n);
  device.prepare([launch(scale(n), [0, 1], [0])]).run([a, b], [2]);
  device.free(a);
  const next = upload(device, new Float32Array(n).fill(9));
  assertEquals(device.read(b, "float32", n)[17], 6);
  device.free(b);
  device.free(next);
});

gpuTest("webgpu reports raised flags once, under the plan's numbers", async () => {
  const device = software!;
  const i = variable(0, 3);
  const value = load(0, "float32", check(load(1, "int32", i), 4, 0));
  const kernel = loop([], [{ kind: "store", inner: [3], stores: [{ slot: 2, index: i, value }] }], [
    read("float32", 4),
    read("int32", 3),
    write("float32", 3),
  ], { checks: 1 });
  const executable = device.prepare([launch(kernel, [0, 1, 2], [], [5])]);
  const table = upload(device, Float32Array.of(10, 11, 12, 13)), index = device.allocate(12), out = device.allocate(12);
  device.write(index, "int32", Int32Array.of(1, -3, 2));
  executable.run([table, index, out], []);
  assertEquals(device.read(out, "float32", 3), Float32Array.of(11, 10, 12));
  assertEquals(executable.raised(), [{ flag: 5, value: -3 }]);
  assertEquals(executable.raised(), []);
  executable.run([table, index, out], []);
  await device.readAsync(out, "float32", 3);
  assertEquals(executable.raised(), [{ flag: 5, value: -3 }]);
  device.write(index, "int32", Int32Array.of(1, 0, 2));
  executable.run([table, index, out], []);
  assertEquals(executable.raised(), []);
  for (const buffer of [table, index, out]) device.free(buffer);
});

gpuTest("webgpu refuses what it cannot hold, and says what to do instead", () => {
  const device = software!;
  assert(!device.supports("float64"));
  assertThrows(() => device.byteLength("float64", 1), DTypeError, "cpu");
  const error = assertThrows(() => device.allocate(device.maxBufferBytes + 1), DeviceError) as Error;
  assertMatch(error.message, /Cannot allocate .* smaller batch/);
  const small = device.allocate(4);
  assertThrows(() => device.write(small, "float32", numbers(2)), TensaurError, "8 bytes to 4");
  assertThrows(() => device.read(small, "float32", 2), TensaurError, "8 bytes of 4");
  device.free(small);
});

gpuTest(
  "webgpu throws a refused kernel's message and text where it is compiled, and a lost device's at every call",
  async () => {
    const adapter = await navigator.gpu.requestAdapter();
    const raw = await adapter!.requestDevice();
    const faults = new Faults(raw);
    const programs = new Programs(raw, faults, { ...software!.stats });
    const text = "@compute @workgroup_size(1) fn main() { let x: f32 = 1i; }";
    const error = assertThrows(() => programs.get(text), TensaurError) as Error;
    assertMatch(error.message, /expected to be `f32`, but got `i32`/);
    assert(error.message.includes(text));
    faults.check();
    raw.destroy();
    await raw.lost;
    for (let i = 0; i < 2; i++) assertThrows(() => faults.check(), DeviceError, 'device "cpu"');
  },
);

gpuTest("webgpu tells software adapters from graphics processors", async () => {
  const info = (await navigator.gpu.requestAdapter())!.info;
  const like = (description: string, isFallbackAdapter: boolean) =>
    isSoftware({ description, isFallbackAdapter } as GPUAdapterInfo);
  assertEquals(isSoftware(info), info.isFallbackAdapter || /llvmpipe/.test(info.description));
  assertEquals(like("NVIDIA H100", false), false);
  assertEquals(like("llvmpipe (LLVM 15.0.6, 256 bits)", false), true);
  assertEquals(like("", true), true);
});

gpuTest("webgpu gives the same bits every run", () => {
  const device = software!;
  const [rows, length] = [3, 10_000];
  const row = variable(0, rows);
  const x = load(0, "float32", at([row, variable(1, length)], [rows, length]));
  const kernel = loop([rows], [
    { kind: "reduce", inner: [length], reductions: [{ slot: 0, op: "sum", value: binary("mul", x, x) }] },
    { kind: "store", inner: [], stores: [{ slot: 1, index: row, value: acc(0, "float32") }] },
  ], [read("float32", rows * length), write("float32", rows)]);
  const executable = device.prepare([launch(kernel, [0, 1])]);
  const input = upload(device, numbers(rows * length)), output = device.allocate(4 * rows);
  const results = Array.from({ length: 5 }, () => {
    executable.run([input, output], []);
    return device.read(output, "float32", rows);
  });
  for (const result of results) assertEquals(result, results[0]!);
  device.free(input);
  device.free(output);
});

gpuTest("webgpu times each launch, by its own clock or by waiting", async () => {
  const { device: untimed } = (await createWebGpuDevice({ timestamps: false }))!;
  for (const device of [software!, untimed]) {
    const n = 1000, a = upload(device, numbers(n)), b = upload(device, numbers(n));
    const executable = device.prepare([launch(scale(n), [0, 1], [0]), launch(increment(n), [1])]);
    const times: [number, number, number][] = [], before = performance.now();
    executable.run([a, b], [2], ([which], start, milliseconds) => times.push([which!, start, milliseconds]));
    assertEquals(times.map(([which]) => which), [0, 1]);
    for (const [, start, milliseconds] of times) {
      assert(start >= before && milliseconds >= 0 && start + milliseconds < performance.now() + 1);
    }
    assertEquals(device.read(b, "float32", n), numbers(n).map((x) => x * 2 + 1));
  }
});
