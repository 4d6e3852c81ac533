import { AssertionError } from "@std/assert";
import type { DType, TypedArray } from "../../kernels/ir/dtype.ts";
import { numel } from "../../kernels/ir/node.ts";
import { interpret } from "../../kernels/lower/interpreter.ts";
import { cpuRunner, forget, referenceRunner, type Runner, scheduled, webGpuRunner } from "./graphs.ts";
import { type Entry, Random, RandomGraph } from "./random_graph.ts";

const everywhere: readonly DType[] = ["float32", "float32", "int32", "bool", "uint8", "uint32"];
const onHost: readonly DType[] = [...everywhere, "float64"];

function build(seed: number, dtypes: readonly DType[]): Entry[] {
  const random = new Random(seed);
  const size = random.int(5, 40);
  return new RandomGraph(random, dtypes).grow(size).roots();
}

function same(actual: TypedArray, expected: Float64Array, { bound, approximate }: Entry): string | undefined {
  if (actual.length !== expected.length) return `${actual.length} elements instead of ${expected.length}`;
  const tolerance = approximate ? 1e-4 * Math.max(1, bound) : 0;
  for (let i = 0; i < expected.length; i++) {
    const a = actual[i]!, e = expected[i]!;
    if (a === e || (Number.isNaN(a) && Number.isNaN(e)) || Math.abs(a - e) <= tolerance) continue;
    return `element ${i} is ${a} instead of ${e}`;
  }
}

function check(runner: Runner, seed: number, dtypes: readonly DType[]): void {
  const expected = build(seed, dtypes).map((e) => interpret(e.node));
  const roots = build(seed, dtypes);
  const where = `seed ${seed} on ${runner.name}`;
  let results: TypedArray[];
  try {
    const run = runner.run(roots.map((e) => e.node));
    if (run.raised.length > 0) throw new AssertionError(`flags raised: ${JSON.stringify(run.raised)}`);
    results = run.results;
  } catch (error) {
    throw new AssertionError(`${where}: ${error instanceof Error ? error.stack : error}`);
  }
  roots.forEach((root, i) => {
    const wrong = numel(root.node.shape) === 0 ? undefined : same(results[i]!, expected[i]!, root);
    if (wrong !== undefined) {
      throw new AssertionError(`${where}: root ${i} (${root.node.attributes.op} [${root.node.shape}]): ${wrong}`);
    }
  });
}

/** As many buffers as a browser's WebGPU promises, and rows for a large device. */
const narrow = { maxBindings: 6, parallelism: 1000 };

for (const runner of [referenceRunner(), referenceRunner(true, narrow), referenceRunner(false), cpuRunner()]) {
  Deno.test(`random graphs give what the interpreter says on ${runner.name}`, () => {
    for (let seed = 1; seed <= 400; seed++) check(runner, seed, onHost);
  });
}

Deno.test("random graphs never need more buffers than a kernel may bind", () => {
  for (const bindings of [4, 6]) {
    for (let seed = 1; seed <= 300; seed++) {
      forget();
      const random = new Random(seed);
      const computed = new RandomGraph(random, onHost).grow(random.int(20, 60)).entries.filter((e) =>
        e.node.inputs.length
      );
      const roots = computed.slice(-random.int(1, 12)).map((e) => e.node);
      for (const { kernel } of scheduled(roots, { bindings, parallelism: 64 }).kernels) {
        const { length } = kernel.bindings;
        if (length > bindings) throw new AssertionError(`seed ${seed}: ${length} bindings instead of ${bindings}`);
      }
    }
  }
});

const webgpu = await webGpuRunner();

Deno.test({
  name: "random graphs give what the interpreter says on webgpu",
  ignore: webgpu === undefined,
  // Few: every graph is some new kernels, and a software adapter takes tens of milliseconds for each.
  fn: () => {
    for (let seed = 1; seed <= 40; seed++) check(webgpu!, seed, everywhere);
  },
});
