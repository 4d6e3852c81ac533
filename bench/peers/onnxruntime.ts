/**
 * onnxruntime, on WebAssembly or native: forward operators only, for it has no gradients in JavaScript.
 *
 * @module
 */
// deno-lint-ignore-file no-explicit-any -- the package comes without types here

import { uniform } from "./data.ts";
import { load, main, type Op, threads, variant } from "./driver.ts";

const ort = await load(variant === "native" ? "onnxruntime-node" : "onnxruntime-web");

// Just enough of ONNX in protocol buffers.
const enc = new TextEncoder();
const vi = (n: number): number[] => {
  const o = [];
  while (n > 127) {
    o.push((n & 127) | 128);
    n = Math.floor(n / 128);
  }
  o.push(n);
  return o;
};
const fv = (f: number, n: number) => [...vi(f << 3), ...vi(n)];
const fb = (f: number, b: ArrayLike<number>) => [...vi((f << 3) | 2), ...vi(b.length), ...Array.from(b)];
const fs = (f: number, s: string) => fb(f, enc.encode(s));
const value = (
  name: string,
  rank: number,
) => [
  ...fs(1, name),
  ...fb(2, fb(1, [...fv(1, 1), ...fb(2, Array.from({ length: rank }, (_, i) => fb(1, fs(2, name + i))).flat())])),
];
const attrI = (
  name: string,
  v: number,
) => [
  ...fs(1, name),
  ...vi(3 << 3),
  ...(v < 0 ? [255, 255, 255, 255, 255, 255, 255, 255, 255, 1] : vi(v)),
  ...fv(20, 2),
];
const node = (
  op: string,
  ins: string[],
  outs: string[],
  attrs: number[][] = [],
) => [
  ...ins.map((i) => fs(1, i)).flat(),
  ...outs.map((o) => fs(2, o)).flat(),
  ...fs(4, op),
  ...attrs.map((a) => fb(5, a)).flat(),
];
const model = (nodes: number[][], ins: [string, number][], out: [string, number]) =>
  new Uint8Array([
    ...fv(1, 8),
    ...fb(7, [
      ...nodes.map((n) => fb(1, n)).flat(),
      ...fs(2, "g"),
      ...ins.map(([n, r]) => fb(11, value(n, r))).flat(),
      ...fb(12, value(...out)),
    ]),
    ...fb(8, [...fs(1, ""), ...fv(2, 17)]),
  ]);

async function op(
  nodes: number[][],
  ins: [string, number][],
  rank: number,
  feeds: Record<string, [Float32Array, number[]]>,
): Promise<Op> {
  const s = await ort.InferenceSession.create(model(nodes, ins, ["y", rank]), {
    executionProviders: [variant === "native" ? "cpu" : "wasm"],
    intraOpNumThreads: threads,
  });
  const f: any = {};
  for (const k in feeds) f[k] = new ort.Tensor("float32", ...feeds[k]!);
  return {
    async run() {
      await s.run(f);
    },
    async out() {
      return (await s.run(f)).y.data;
    },
  };
}
const un = (name: string, attrs: number[][] = []) => [node(name, ["x"], ["y"], attrs)];

await main({
  init() {
    if (variant === "native") return;
    ort.env.wasm.numThreads = threads;
    ort.env.wasm.proxy = false;
  },
  impls: {
    matmul(w) {
      const n = w.n;
      return op([node("MatMul", ["a", "b"], ["y"])], [["a", 2], ["b", 2]], 2, {
        a: [uniform(n * n, 1), [n, n]],
        b: [uniform(n * n, 2), [n, n]],
      });
    },
    bmm(w) {
      const s = [w.b, w.n, w.n], k = w.b * w.n * w.n;
      return op([node("MatMul", ["a", "b"], ["y"])], [["a", 3], ["b", 3]], 3, {
        a: [uniform(k, 1), s],
        b: [uniform(k, 2), s],
      });
    },
    matvec(w) {
      const n = w.n;
      return op([node("MatMul", ["a", "b"], ["y"])], [["a", 2], ["b", 1]], 1, {
        a: [uniform(n * n, 1), [n, n]],
        b: [uniform(n, 2), [n]],
      });
    },
    ewchain(w) {
      return op(
        [
          node("Exp", ["x"], ["e"]),
          node("Mul", ["x", "x"], ["q"]),
          node("Add", ["e", "q"], ["s"]),
          node("Tanh", ["s"], ["y"]),
        ],
        [["x", 1]],
        1,
        { x: [uniform(w.n, 1), [w.n]] },
      );
    },
    sum(w) {
      return op(un("ReduceSum", [attrI("keepdims", 0)]), [["x", 1]], 0, { x: [uniform(w.n, 1, 0, 1), [w.n]] });
    },
    softmax(w) {
      return op(un("Softmax", [attrI("axis", -1)]), [["x", 2]], 2, {
        x: [uniform(w.rows * w.cols, 1, -2, 2), [w.rows, w.cols]],
      });
    },
    layernorm(w) {
      return op(
        [node("LayerNormalization", ["x", "g", "b"], ["y"], [attrI("axis", -1)])],
        [["x", 2], ["g", 1], ["b", 1]],
        2,
        {
          x: [uniform(w.rows * w.cols, 1), [w.rows, w.cols]],
          g: [uniform(w.cols, 2, .5, 1.5), [w.cols]],
          b: [uniform(w.cols, 3), [w.cols]],
        },
      );
    },
  },
  why: {
    startup: "no loss",
    sync: "not a tensor library",
    xent: "no autograd",
    mlp: "no autograd",
    cnn: "no autograd",
    transformer: "no autograd",
  },
});
