import { assert, assertEquals, assertThrows } from "@std/assert";
import { DeviceError } from "../../../kernels/errors.ts";
import type { DType } from "../../../kernels/ir/dtype.ts";
import {
  acc,
  binary,
  check,
  constant,
  type Expr,
  int,
  load,
  scalarArg,
  unary,
  variable,
} from "../../../kernels/ir/expr.ts";
import type { Binding, LoopKernel } from "../../../kernels/ir/kernel.ts";
import { ModuleBuilder, op } from "../../../kernels/lower/wasm/encoder.ts";
import { createCpuDevice } from "../../../kernels/runtime/cpu.ts";
import { Heap } from "../../../kernels/runtime/cpu_memory.ts";
import { ENTRY, ENTRY_PARAMETERS } from "../../../kernels/lower/wasm/program.ts";
import { type Entry, type Job, Threads } from "../../../kernels/runtime/cpu_threads.ts";
import type { Device, Executable } from "../../../kernels/runtime/device.ts";
import { hostFunctions } from "../../../kernels/runtime/host_math.ts";

const f = "float32", i32 = "int32";
const add = (a: Expr, b: Expr) => binary("add", a, b);
const mul = (a: Expr, b: Expr) => binary("mul", a, b);
const binding = (dtype: DType, size: number, access: Binding["access"] = "read"): Binding => ({ dtype, size, access });

function store(
  inner: number[],
  bindings: Binding[],
  index: Expr,
  value: Expr,
  more: Partial<LoopKernel> = {},
): LoopKernel {
  const slot = bindings.length - 1;
  return {
    ...{ kind: "loop", rows: [], scalars: [], checks: 0, bindings },
    stages: [{ kind: "store", inner, stores: [{ slot, index, value }] }],
    ...more,
  };
}

function prepare(device: Device, kernel: LoopKernel): Executable {
  return device.prepare([{
    kernel,
    buffers: kernel.bindings.map((_, i) => i),
    scalars: kernel.scalars.map((_, i) => i),
    checks: Array.from({ length: kernel.checks }, (_, i) => i),
  }]);
}

Deno.test("Heap reuses, splits and merges blocks", () => {
  const heap = new Heap();
  const sizes = [1, 64, 65, 1000, 100_000, 3_000_000];
  const blocks = sizes.map((size) => heap.allocate(size));
  for (const address of blocks) assertEquals(address % 64, 0);
  const length = heap.bytes.length;
  blocks.forEach((address, i) => heap.release(address, sizes[i]!));
  // Everything is free again, so one block of the whole size fits without growing.
  const total = heap.allocate(3_100_000);
  assertEquals(total, blocks[0]);
  assertEquals(heap.bytes.length, length);
});

Deno.test("Heap keeps random blocks apart and stays as large as its largest moment", () => {
  const heap = new Heap();
  let state = 12345;
  const random = (n: number) => {
    state = Math.imul(state, 1103515245) + 12345 >>> 0;
    return (state >>> 8) % n;
  };
  const live: { address: number; size: number; mark: number }[] = [];
  for (let step = 0; step < 20_000; step++) {
    if (live.length < 40 && random(2) === 0) {
      const size = 4 + random(1 << random(17));
      const address = heap.allocate(size), mark = step & 255;
      heap.bytes.fill(mark, address, address + size);
      live.push({ address, size, mark });
    } else if (live.length > 0) {
      const [block] = live.splice(random(live.length), 1);
      assertEquals(heap.bytes[block!.address], block!.mark);
      assertEquals(heap.bytes[block!.address + block!.size - 1], block!.mark);
      heap.release(block!.address, block!.size);
    }
  }
  assert(heap.bytes.length < 16 * 2 ** 20, `${heap.bytes.length} bytes`);
});

Deno.test("CPU device refuses what does not fit, and says what to do", () => {
  const device = createCpuDevice();
  const error = assertThrows(() => device.allocate(5 * 2 ** 30), DeviceError);
  assert(error.message.includes("smaller batch"), error.message);
  assertEquals(device.stats.bytes, 0);
  const buffer = device.allocate(16);
  assertThrows(() => device.read(buffer, f, 5), DeviceError);
  device.free(buffer);
  assertThrows(() => device.read(buffer, f, 1), DeviceError);
  assertThrows(() => device.free(buffer), DeviceError);
});

Deno.test("CPU device writes and reads every dtype", async () => {
  const device = createCpuDevice();
  const arrays = {
    float32: Float32Array.of(1.5, NaN, -0),
    float64: Float64Array.of(1e-300, Infinity),
    int32: Int32Array.of(-5, 7),
    uint32: Uint32Array.of(4294967295),
    uint8: Uint8Array.of(1, 255, 3, 4, 5),
    bool: Uint8Array.of(0, 1, 1),
  } as const;
  for (const [dtype, data] of Object.entries(arrays) as [DType, Float32Array<ArrayBuffer>][]) {
    assert(device.supports(dtype));
    const buffer = device.allocate(device.byteLength(dtype, data.length));
    device.write(buffer, dtype, data);
    assertEquals([...device.read(buffer, dtype, data.length)], [...data]);
    assertEquals([...await device.readAsync(buffer, dtype, 1)], [data[0]!]);
    device.free(buffer);
  }
  assert(!device.supports("float16"));
});

Deno.test("a run takes its buffers and scalars as they come, and compiles nothing", () => {
  const device = createCpuDevice();
  const n = 10;
  const kernel = store(
    [n],
    [binding(f, n), binding(f, n, "write")],
    variable(0, n),
    mul(load(0, f, variable(0, n)), scalarArg(0, f)),
    { scalars: [f] },
  );
  const executable = prepare(device, kernel);
  const buffers = Array.from({ length: 4 }, () => device.allocate(4 * n));
  buffers.forEach((b, k) => device.write(b, f, new Float32Array(n).fill(k + 1)));
  executable.run([buffers[0]!, buffers[1]!], [3]);
  assertEquals(device.read(buffers[1]!, f, 1)[0], 3);
  executable.run([buffers[2]!, buffers[3]!], [0.5]);
  assertEquals(device.read(buffers[3]!, f, 1)[0], 1.5);
  executable.run([buffers[3]!, buffers[0]!], [2]);
  assertEquals(device.read(buffers[0]!, f, 1)[0], 3);
  prepare(device, kernel);
  assertEquals(device.stats, { bytes: 160, buffers: 4, compiled: 1, launched: 3, submitted: 3 });
});

Deno.test("several launches run in order and share flags of their plan", () => {
  const device = createCpuDevice();
  const n = 8;
  const kernel = store(
    [n],
    [binding(f, n), binding(i32, n), binding(f, n, "write")],
    variable(0, n),
    load(0, f, check(load(1, i32, variable(0, n)), n, 0)),
    { checks: 1 },
  );
  const executable = device.prepare([
    { kernel, buffers: [0, 1, 2], scalars: [], checks: [1] },
    { kernel, buffers: [2, 1, 3], scalars: [], checks: [0] },
  ]);
  assertEquals(executable.launches, 2);
  const buffers = Array.from({ length: 4 }, () => device.allocate(4 * n));
  device.write(buffers[0]!, f, Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7));
  device.write(buffers[1]!, i32, Int32Array.of(1, 2, 3, 4, 5, 6, 7, 0));
  executable.run(buffers, []);
  assertEquals([...device.read(buffers[3]!, f, n)], [2, 3, 4, 5, 6, 7, 0, 1]);
  assertEquals(executable.raised(), []);
  device.write(buffers[1]!, i32, Int32Array.of(1, 2, 3, -9, 5, 6, 7, 0));
  executable.run(buffers, []);
  assertEquals(executable.raised(), [{ flag: 0, value: -9 }, { flag: 1, value: -9 }]);
  assertEquals(executable.raised(), []);
});

Deno.test("threads change no bit of a result", () => {
  const device = createCpuDevice();
  const rows = 1500, n = 999;
  const index = add(mul(variable(0, rows), int(n)), variable(1, n));
  const x = load(0, f, index);
  const e = unary("exp", binary("sub", x, acc(0, f)));
  const softmax: LoopKernel = {
    ...{ kind: "loop", rows: [rows], scalars: [], checks: 0 },
    bindings: [binding(f, rows * n), binding(f, rows * n, "write")],
    stages: [
      { kind: "reduce", inner: [n], reductions: [{ slot: 0, op: "max", value: x }] },
      { kind: "reduce", inner: [n], reductions: [{ slot: 1, op: "sum", value: e }] },
      { kind: "store", inner: [n], stores: [{ slot: 1, index, value: binary("div", e, acc(1, f)) }] },
    ],
  };
  const flat = variable(0, rows * n);
  const wave = unary("sin", mul(load(0, f, flat), constant(30, f)));
  const elementwise = store([rows * n], [binding(f, rows * n), binding(f, rows * n, "write")], flat, wave);
  const columns: LoopKernel = {
    ...{ kind: "loop", rows: [n], scalars: [], checks: 0 },
    bindings: [binding(f, rows * n), binding(f, n, "write")],
    stages: [
      {
        kind: "reduce",
        inner: [rows],
        reductions: [{ slot: 0, op: "sum", value: load(0, f, add(mul(variable(1, rows), int(n)), variable(0, n))) }],
      },
      { kind: "store", inner: [], stores: [{ slot: 1, index: variable(0, n), value: acc(0, f) }] },
    ],
  };
  const input = device.allocate(4 * rows * n);
  device.write(input, f, Float32Array.from({ length: rows * n }, (_, k) => Math.sin(k * k)));
  for (const kernel of [softmax, elementwise, columns]) {
    const size = kernel.bindings[1]!.size;
    const output = device.allocate(4 * size);
    const executable = prepare(device, kernel);
    // The first run is done alone; threads join in once they have started.
    executable.run([input, output], []);
    const alone = device.read(output, f, size) as Float32Array<ArrayBuffer>;
    const bits = new Uint32Array(alone.buffer);
    for (let k = 0; k < 12; k++) {
      device.write(output, f, new Float32Array(size));
      executable.run([input, output], []);
      const together = new Uint32Array(device.read(output, f, size).buffer);
      let differing = 0;
      for (let j = 0; j < size; j++) if (bits[j] !== together[j]) differing++;
      assertEquals(differing, 0);
    }
  }
});

Deno.test("Threads share the units of a job", () => {
  const heap = new Heap();
  const threads = new Threads(heap);
  if (threads.count === 1) return;
  // Each unit notes which thread did it, after a while.
  const module = new ModuleBuilder();
  const body = module.function("run", ENTRY_PARAMETERS, []);
  const unit = body.local("i32"), wait = body.local("i32");
  body.get(ENTRY.start).set(unit).loop();
  body.i32(20_000).set(wait).loop().get(wait).i32(1).op(op.i32Sub).tee(wait).brIf(0).end();
  body.get(ENTRY.parameters).get(unit).i32(2).op(op.i32Shl).op(op.i32Add).get(ENTRY.local).memory(op.i32Store);
  body.get(unit).i32(1).op(op.i32Add).tee(unit).get(ENTRY.end).op(op.i32LtS).brIf(0).end();
  const bytes = module.encode();
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory: heap.memory } });
  const units = 1000, parameters = heap.allocate(4 * units), binary = heap.allocate(bytes.length);
  heap.bytes.set(bytes, binary);
  const job: Job = {
    ...{ program: 0, binary, binaryBytes: bytes.length, entry: 0, run: exports.run as Entry },
    ...{ parameters, units, local: 1000, localBytes: 1, shared: 0 },
  };
  assert(!threads.worthwhile(1000));
  while (!threads.worthwhile(1e6));
  const seen = new Set<number>();
  for (const end = Date.now() + 5000; Date.now() < end && seen.size < threads.count;) {
    heap.ints.fill(0, parameters / 4, parameters / 4 + units);
    threads.run(job);
    const done = heap.ints.slice(parameters / 4, parameters / 4 + units);
    for (const thread of done) seen.add(thread);
  }
  assertEquals([...seen].sort(), Array.from({ length: threads.count }, (_, thread) => 1000 + thread));
});

Deno.test("5,000 runs with fresh buffers take no more memory than one", () => {
  const device = createCpuDevice();
  const n = 5000;
  const i = variable(0, n);
  const executable = prepare(
    device,
    store([n], [binding(f, n), binding(f, n, "write")], i, add(load(0, f, i), constant(1, f))),
  );
  let current = device.allocate(4 * n);
  device.write(current, f, new Float32Array(n));
  for (let k = 0; k < 5000; k++) {
    const next = device.allocate(4 * n);
    executable.run([current, next], []);
    device.free(current);
    current = next;
  }
  assertEquals(device.read(current, f, n)[n - 1], 5000);
  assertEquals(device.stats.bytes, 4 * n);
  assertEquals(device.stats.compiled, 1);
});

Deno.test("programs with threads end by themselves and ask for no permission", async () => {
  const module = (path: string) => new URL(`../../../kernels/${path}`, import.meta.url).href;
  const script = `
    import { createCpuDevice } from "${module("runtime/cpu.ts")}";
    import { load, unary, variable } from "${module("ir/expr.ts")}";
    const n = 1 << 20, i = variable(0, n), device = createCpuDevice();
    const kernel = {
      kind: "loop", rows: [], scalars: [], checks: 0,
      bindings: [{ dtype: "float32", size: n, access: "read" }, { dtype: "float32", size: n, access: "write" }],
      stages: [{ kind: "store", inner: [n], stores: [{ slot: 1, index: i, value: unary("tanh", load(0, "float32", i)) }] }],
    };
    const run = device.prepare([{ kernel, buffers: [0, 1], scalars: [], checks: [] }]);
    const buffers = [device.allocate(4 * n), device.allocate(4 * n)];
    device.write(buffers[0], "float32", new Float32Array(n).fill(1));
    for (let k = 0; k < 100; k++) run.run(buffers, []);
    console.log(device.read(buffers[1], "float32", n)[n - 1].toFixed(4));`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-config", "--ext=ts", "-"],
    ...{ stdin: "piped", stdout: "piped", stderr: "piped" },
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(script));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  assertEquals(new TextDecoder().decode(stdout).trim(), "0.7616", new TextDecoder().decode(stderr));
  assertEquals(code, 0);
});

Deno.test("functions of the host are exact to some units in the last place", () => {
  const h = hostFunctions();
  // From tables of 20 and more digits.
  const table: [string, number, number][] = [
    ["erf", 0.1, 0.1124629160182848922],
    ["erf", 1, 0.8427007929497148693],
    ["erf", 1.9, 0.9927904292352574699],
    ["erf", 3, 0.9999779095030014146],
    ["erfc", 0.4, 0.5716076449533315141],
    ["erfc", 0.7, 0.3221988061625815788],
    ["erfc", 2, 0.004677734981047265838],
    ["erfc", 5, 1.5374597944280348502e-12],
    ["erfc", 10, 2.0884875837625447570e-45],
    ["erfc", -1.5, 1.9661051464753107271],
    ["erfinv", 0.5, 0.4769362762044698734],
    ["erfinv", 0.999, 2.3267537655135246414],
    ["lgamma", 0.5, 0.5723649429247000871],
    ["lgamma", 1.5, -0.1207822376352452223],
    ["lgamma", 10.5, 13.940625219403763],
    ["lgamma", 100, 359.1342053695753988],
    ["lgamma", -0.5, 1.2655121234846454],
    ["digamma", 1, -0.5772156649015328606],
    ["digamma", 0.5, -1.9635100260214234794],
    ["digamma", 10, 2.2517525890667211077],
    ["digamma", -0.5, 0.03648997397857652056],
  ];
  for (const [name, x, want] of table) {
    const got = h[name]!(x);
    assert(
      Math.abs(got - want) <= 4e-15 * Math.max(Math.abs(want), name.startsWith("erfc") ? 0 : 0.3),
      `${name}(${x}) = ${got}`,
    );
  }
  assertEquals(h.pow!(1, NaN), 1);
  assertEquals(h.pow!(-1, Infinity), 1);
  assertEquals(h.powInteger!(3, 5), 243);
  assertEquals(h.powInteger!(2, -1), 0);
  assertEquals(h.powInteger!(-1, -3), -1);
  assertEquals(h.erfinv!(1), Infinity);
  assert(Number.isNaN(h.erfinv!(1.5)!));
});
