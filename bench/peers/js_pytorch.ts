/**
 * js-pytorch: nested arrays of doubles on the CPU. Its GPU path needs a native add-on with an install script.
 *
 * @module
 */
// deno-lint-ignore-file no-explicit-any -- the package comes without types here

import { ints, mlpData, transpose, uniform } from "./data.ts";
import { load, main, type Op } from "./driver.ts";

const { torch } = await load("js-pytorch"), { nn, optim } = torch;
const nest = (a: ArrayLike<number>, s: number[], o = { i: 0 }): any =>
  s.length === 1
    ? Array.from({ length: s[0]! }, () => a[o.i++])
    : Array.from({ length: s[0]! }, () => nest(a, s.slice(1), o));
const T = (a: ArrayLike<number>, s: number[], grad = false) => torch.tensor(nest(a, s), grad);
const flat = (x: any) => Float32Array.from((Array.isArray(x) ? x.flat(Infinity) : [x]) as number[]);
const op = (f: () => any): Op => ({
  run() {
    f();
  },
  out() {
    return flat(f().data);
  },
});
const put = (p: any, a: ArrayLike<number>, s: number[]) => {
  p._data = nest(a, s);
};

await main({
  impls: {
    startup() {
      return new nn.CrossEntropyLoss().forward(T(uniform(15, 1), [3, 5], true), T(ints(3, 2, 5), [3])).data[0];
    },
    sync() {
      const x = T(uniform(4096, 1), [4096]);
      return op(() => torch.add(x, 1).sum());
    },
    xent(w) {
      const a = uniform(w.rows * w.classes, 1, -2, 2),
        t = T(ints(w.rows, 2, w.classes), [w.rows]),
        x = T(a, [w.rows, w.classes], true),
        ce = new nn.CrossEntropyLoss();
      const go = () => {
        x.zero_grad();
        const l = ce.forward(x, t);
        l.backward();
        return l.data[0];
      };
      return {
        run: go,
        out() {
          go();
          return flat(x.grad);
        },
      };
    },
    matmul(w) {
      const n = w.n, a = T(uniform(n * n, 1), [n, n]), b = T(uniform(n * n, 2), [n, n]);
      return op(() => torch.matmul(a, b));
    },
    bmm(w) {
      const s = [w.b, w.n, w.n], k = w.b * w.n * w.n, a = T(uniform(k, 1), s), b = T(uniform(k, 2), s);
      return op(() => torch.matmul(a, b));
    },
    sum(w) {
      const x = T(uniform(w.n, 1, 0, 1), [w.n]);
      return op(() => x.sum());
    },
    softmax(w) {
      const x = T(uniform(w.rows * w.cols, 1, -2, 2), [w.rows, w.cols]), sm = new nn.Softmax();
      return op(() => sm.forward(x, -1));
    },
    mlp(w) {
      const d = mlpData(w),
        L = d.layers.map((l) => {
          const m = new nn.Linear(l.in, l.out);
          put(m.W, transpose(l.w, l.out, l.in), [l.in, l.out]);
          put(m.b, l.b, [l.out]);
          return m;
        });
      const x = T(d.x, [w.batch, w.sizes[0]!]),
        y = T(d.y, [w.batch]),
        relu = new nn.ReLU(),
        ce = new nn.CrossEntropyLoss();
      const opt = new optim.Adam(L.flatMap((m: any) => m.parameters()), w.lr, 0, [0.9, 0.999], 1e-8);
      let last: any;
      return {
        step() {
          let h = x;
          L.forEach((m: any, i: number) => {
            h = m.forward(h);
            if (i + 1 < L.length) h = relu.forward(h);
          });
          last = ce.forward(h, y);
          last.backward();
          opt.step();
          opt.zero_grad();
        },
        loss: () => last.data[0],
      };
    },
  },
  why: {
    matvec: "no matrix-vector product",
    ewchain: "no tanh",
    layernorm: "not run: not written",
    cnn: "no convolution",
    transformer: "not run: its nn.Block is another model (ReLU MLP, other layout)",
  },
});
