/**
 * Which kernels graphs become, and that in-place updates never read what they have overwritten.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { arg, binary, cast as castExpr, constant, where } from "../../../kernels/ir/expr.ts";
import { contract, gather, iota, map, reduce } from "../../../kernels/ir/build.ts";
import { type Node, OWN } from "../../../kernels/ir/node.ts";
import { pad, permute, reshape, slice, window } from "../../../kernels/ir/views.ts";
import type { Kernel } from "../../../kernels/ir/kernel.ts";
import {
  add,
  cpuRunner,
  data,
  exp,
  ints,
  keeping,
  leaf,
  logSoftmax,
  matmul,
  mul,
  neg,
  number,
  referenceRunner,
  rsqrt,
  scheduled,
  softmax,
  sub,
  webGpuRunner,
} from "../graphs.ts";

/** Kinds of the kernels' stages, kernel by kernel. */
function shapeOf(kernel: Kernel): string {
  return kernel.kind === "loop" ? kernel.stages.map((s) => s.kind).join(" ") : kernel.kind;
}

function kernelsOf(...roots: Node[]): string[] {
  return scheduled(roots).kernels.map((k) => shapeOf(k.kernel));
}

Deno.test("softmax, its logarithm and layer normalization are one kernel each", () => {
  assertEquals(kernelsOf(softmax(leaf(32, 10))), ["reduce reduce store"]);
  assertEquals(kernelsOf(logSoftmax(leaf(32, 10))), ["reduce reduce store"]);
  const x = leaf(6, 7, 16), n = number(1 / 16);
  const centered = sub(x, mul(keeping("sum", x, 2), n));
  const variance = mul(keeping("sum", mul(centered, centered), 2), n);
  assertEquals(kernelsOf(mul(mul(centered, rsqrt(variance)), leaf(16))), ["reduce reduce store"]);
});

Deno.test("cross entropy forward and backward is one kernel for the rows and one for the mean", () => {
  const x = leaf(64, 10), target = ints(Array.from({ length: 64 }, (_, i) => i % 10));
  const logProbabilities = logSoftmax(x), column = reshape(target, [64, 1]);
  const likelihood = gather(logProbabilities, 1, column, (value) => new RangeError(`class ${value}`));
  const loss = mul(reduce("sum", neg(reshape(likelihood, [64])), [0]), number(1 / 64));
  const same = castExpr("float32", binary("eq", arg(0, "int32"), arg(1, "int32")));
  const onehot = map(same, [column, iota(10, "cpu")]);
  const gradient = mul(sub(exp(logProbabilities), onehot), number(1 / 64));
  const { kernels } = scheduled([loss, gradient]);
  assertEquals(kernels.map((k) => shapeOf(k.kernel)), ["reduce reduce store store", "reduce store"]);
});

Deno.test("bias, activation and a permutation of the result ride on a contraction", () => {
  const zero = constant(0, "float32"), x = arg(0, "float32");
  const relu = (n: Node) => map(where(binary("lt", zero, x), x, zero), [n]);
  assertEquals(kernelsOf(relu(add(matmul(leaf(8, 5), leaf(5, 4)), leaf(4)))), ["contract"]);
  const windows = { size: 3, stride: 1, dilation: 1 };
  const padded = pad(leaf(2, 3, 6, 6), [[0, 0], [0, 0], [1, 1], [1, 1]]);
  const patches = permute(window(padded, [windows, windows]), [0, 2, 3, 1, 4, 5]);
  const product = contract(patches, permute(leaf(4, 3, 3, 3), [1, 2, 3, 0]), { batch: 0, m: 3, n: 1, k: 3 });
  const image = add(permute(product, [0, 3, 1, 2]), leaf(4, 1, 1));
  assertEquals(kernelsOf(image), ["contract"]);
});

Deno.test("no kernel has more buffers than the device binds", () => {
  let sum = leaf(10);
  const addends = Array.from({ length: 200 }, () => leaf(10));
  for (const x of addends) sum = add(sum, x);
  const { kernels } = scheduled([sum], { bindings: 8 });
  for (const { kernel } of kernels) assert(kernel.bindings.length <= 8, `${kernel.bindings.length} bindings`);
  assert(kernels.length >= 200 / 7);
});

Deno.test("chains and sharing of any size are planned in bounded time and kernels of bounded size", () => {
  let chain = leaf(10), doubled = leaf(4);
  for (let i = 0; i < 3000; i++) chain = add(mul(chain, number(0.5)), number(1));
  for (let i = 0; i < 60; i++) doubled = add(doubled, doubled);
  const start = performance.now();
  const { kernels } = scheduled([chain, doubled]);
  assert(performance.now() - start < 5000);
  for (const { kernel } of kernels) assert(kernel.scalars.length < 1000);
});

Deno.test("a costly value that several kernels use is computed once", () => {
  const costly = exp(exp(leaf(64, 64)));
  const { kernels } = scheduled([reduce("sum", costly, [0]), reduce("sum", costly, [1])]);
  const transcendental = kernels.filter(({ kernel }) =>
    JSON.stringify(kernel, (_, v) => v?.op === "exp" ? "exp!" : v).includes("exp!")
  );
  assertEquals(transcendental.length, 1);
});

/** Graphs that overwrite `p`: the new value, what else is asked for, and both as plain functions of the old value. */
const updates: Record<string, (p: Node, q: Node) => { next: [Node, Node][]; others: Node[] }> = {
  "an update where it is read": (p, q) => ({ next: [[sub(p, mul(q, number(0.5))), p]], others: [] }),
  "a reader beside the update": (p, q) => ({ next: [[sub(p, q), p]], others: [mul(p, p), reduce("sum", p, [0])] }),
  "a transposed update": (p, q) => ({ next: [[add(permute(p, [1, 0]), q), p]], others: [] }),
  "a reduction of what is replaced": (p) => ({ next: [[sub(p, keeping("sum", p, 1)), p]], others: [] }),
  "a reduction over columns": (p) => ({ next: [[sub(p, keeping("sum", p, 0)), p]], others: [] }),
  "an exchange": (p, q) => ({ next: [[add(q, number(0)), p], [add(p, number(0)), q]], others: [] }),
  "momentum": (p, q) => {
    const moment = add(mul(q, number(0.9)), p);
    return { next: [[moment, q], [sub(p, mul(moment, number(0.1))), p]], others: [] };
  },
  "a product with itself": (p) => ({ next: [[sub(p, matmul(p, p)), p]], others: [] }),
  "a shifted update": (p) => ({
    next: [[
      add(p, pad(slice(p, [{ start: 1, size: 3, step: 1 }, { start: 0, size: 4, step: 1 }]), [[0, 1], [0, 0]])),
      p,
    ]],
    others: [],
  }),
};

const runners = [referenceRunner(), cpuRunner(), await webGpuRunner()].filter((r) => r !== undefined);

for (const [name, build] of Object.entries(updates)) {
  Deno.test(`in place: ${name}`, () => {
    const numbers = (seed: number) => Array.from({ length: 16 }, (_, i) => ((i * seed) % 13) / 4 - 1);
    const operands = () => [data(numbers(5), [4, 4]), data(numbers(7), [4, 4])] as const;
    const [p, q] = operands();
    const plain = build(p, q);
    const expected = referenceRunner(false).run([...plain.next.map(([n]) => n), ...plain.others]).results;
    for (const runner of runners) {
      const [p, q] = operands();
      // Their elements on the device alone, as after a step.
      for (const x of [p, q]) {
        runner.store.resident(x);
        x.host = undefined;
        assertEquals(x.residence!.owner, OWN);
      }
      const { next, others } = build(p, q);
      for (const [node, donor] of next) node.donor = donor;
      const { results } = runner.run([...next.map(([n]) => n), ...others]);
      results.forEach((values, i) => {
        values.forEach((v, j) => {
          const want = expected[i]![j]!;
          assert(Math.abs(v - want) < 1e-4, `${runner.name}: result ${i}, element ${j} is ${v} instead of ${want}`);
        });
      });
    }
  });
}
