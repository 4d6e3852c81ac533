/**
 * jax-js, as its documentation has it: one `jit` around the gradient and the optimizer. Arrays are consumed by use unless `.ref` is taken.
 *
 * @module
 */
// deno-lint-ignore-file no-explicit-any -- the package comes without types here

import { cnnData, ints, mlpData, transformerData, transpose, uniform } from "./data.ts";
import { type Impl, load, main, type Op, type Train, variant } from "./driver.ts";

const jax = await load("@jax-js/jax");
const { numpy: np, nn, lax, jit, valueAndGrad, tree } = jax;
type A = any;

const f32 = (a: Float32Array, shape: number[]): A => np.array(a).reshape(shape);
const i32 = (a: Int32Array): A => np.array(a);
const ready = async (...xs: A[]) => {
  for (const x of xs) await x.blockUntilReady();
};

function op(f: () => A): Op {
  return {
    async run() {
      const y = f();
      await y.blockUntilReady();
      y.dispose();
    },
    async out() {
      return await f().data();
    },
  };
}
// nn.oneHot is jax-js's own idiom, but it indexes eye(K): at K = 32000 that is a 4 GiB matrix (RangeError on wasm,
// invalid buffer and silent zeros on webgpu). Comparing with arange fuses into the kernel, so that is what is timed.
const oneHot = (t: A, K: number): A => np.arange(K).equal(t.reshape([-1, 1])).astype(np.float32);
const xentLoss = (logits: A, t: A): A => {
  const [B, K] = logits.shape;
  return nn.logSoftmax(logits).mul(oneHot(t, K)).sum().mul(-1 / B);
};

function trainer(
  params: any,
  state: any,
  loss: (p: any, x: A, y: A) => A,
  opt: (p: any, g: any, s: any, sc: number[]) => any,
  x: A,
  y: A,
  scal: (t: number) => number[],
): Train {
  const step = jit((p: any, s: any, x: A, y: A, sc: any) => {
    const [l, g] = valueAndGrad(loss)(tree.ref(p), x, y);
    const [p2, s2] = opt(p, g, s, sc);
    return [p2, s2, l];
  });
  let t = 0, last: A = null, lastValue = NaN;
  return {
    step() {
      last?.dispose();
      const r = step(params, state, x.ref, y.ref, scal(++t));
      [params, state, last] = r;
    },
    async loss() {
      if (last) {
        // data() consumes the array.
        lastValue = (await last.data())[0];
        last = null;
      }
      await jax.blockUntilReady(params);
      return lastValue;
    },
  };
}
function sgd(lr: number, mom = 0) {
  return (p: any, g: any, s: any) => {
    if (!mom) return [tree.map((p: A, g: A) => p.sub(g.mul(lr)), p, g), s];
    const v = tree.map((v: A, g: A) => v.mul(mom).add(g), s, g);
    return [tree.map((p: A, v: A) => p.sub(v.mul(lr)), p, tree.ref(v)), v];
  };
}
function adam(lr: number, b1 = 0.9, b2 = 0.999, eps = 1e-8) {
  return (p: any, g: any, s: any, sc: any) => {
    // 1/(1-b1^t) and 1/(1-b2^t), as traced scalars.
    const [c1, c2] = sc;
    const m = tree.map((m: A, g: A) => m.mul(b1).add(g.mul(1 - b1)), s.m, tree.ref(g));
    const v = tree.map((v: A, g: A) => v.mul(b2).add(g.ref.mul(g).mul(1 - b2)), s.v, g);
    const p2 = tree.map(
      (p: A, m: A, v: A) => p.sub(m.mul(c1.ref).mul(lr).div(np.sqrt(v.mul(c2.ref)).add(eps))),
      p,
      tree.ref(m),
      tree.ref(v),
    );
    c1.dispose();
    c2.dispose();
    return [p2, { m, v }];
  };
}
const zeros = (p: any) => tree.map((x: A) => np.zeros(x.shape), p);

const layerNorm = (x: A, g: A, b: A): A => {
  const mu = x.ref.mean(-1, { keepdims: true });
  const c = x.sub(mu);
  const v = c.ref.mul(c.ref).mean(-1, { keepdims: true });
  return c.div(np.sqrt(v.add(1e-5))).mul(g).add(b);
};

const impls: Record<string, Impl> = {
  async startup() {
    const l = xentLoss(f32(uniform(15, 1), [3, 5]), i32(ints(3, 2, 5)));
    return (await l.data())[0];
  },
  async sync() {
    const x = f32(uniform(4096, 1), [4096]);
    await ready(x);
    const f = jit((x: A) => x.add(1).sum());
    return { run: () => f(x.ref).data(), out: () => f(x.ref).data() };
  },
  async xent(w) {
    const x = f32(uniform(w.rows * w.classes, 1, -2, 2), [w.rows, w.classes]), t = i32(ints(w.rows, 2, w.classes));
    await ready(x, t);
    const f = jit((x: A, t: A) => valueAndGrad(xentLoss)(x, t));
    return {
      async run() {
        const [l, g] = f(x.ref, t.ref);
        const p = g.blockUntilReady();
        await l.data();
        await p;
        g.dispose();
      },
      async out() {
        const [l, g] = f(x.ref, t.ref);
        l.dispose();
        return await g.data();
      },
    };
  },
  async matmul(w) {
    const n = w.n, a = f32(uniform(n * n, 1), [n, n]), b = f32(uniform(n * n, 2), [n, n]);
    await ready(a, b);
    return op(() => np.matmul(a.ref, b.ref));
  },
  async bmm(w) {
    const n = w.n, s = [w.b, n, n], a = f32(uniform(w.b * n * n, 1), s), b = f32(uniform(w.b * n * n, 2), s);
    await ready(a, b);
    return op(() => np.matmul(a.ref, b.ref));
  },
  async matvec(w) {
    const n = w.n, a = f32(uniform(n * n, 1), [n, n]), b = f32(uniform(n, 2), [n]);
    await ready(a, b);
    return op(() => np.matmul(a.ref, b.ref));
  },
  async ewchain(w) {
    const x = f32(uniform(w.n, 1), [w.n]);
    await ready(x);
    const f = jit((x: A) => np.tanh(np.exp(x.ref).add(x.ref.mul(x))));
    return op(() => f(x.ref));
  },
  async sum(w) {
    const x = f32(uniform(w.n, 1, 0, 1), [w.n]);
    await ready(x);
    const f = jit((x: A) => x.sum());
    return op(() => f(x.ref));
  },
  async softmax(w) {
    const x = f32(uniform(w.rows * w.cols, 1, -2, 2), [w.rows, w.cols]);
    await ready(x);
    const f = jit((x: A) => nn.softmax(x, -1));
    return op(() => f(x.ref));
  },
  async layernorm(w) {
    const x = f32(uniform(w.rows * w.cols, 1), [w.rows, w.cols]),
      g = f32(uniform(w.cols, 2, .5, 1.5), [w.cols]),
      b = f32(uniform(w.cols, 3), [w.cols]);
    await ready(x, g, b);
    const f = jit(layerNorm);
    return op(() => f(x.ref, g.ref, b.ref));
  },
  async mlp(w) {
    const d = mlpData(w), p: any = {};
    d.layers.forEach((l, i) => {
      p["w" + i] = f32(transpose(l.w, l.out, l.in), [l.in, l.out]);
      p["b" + i] = f32(l.b, [l.out]);
    });
    const x = f32(d.x, [w.batch, w.sizes[0]!]), y = i32(d.y), n = d.layers.length;
    await ready(x, y);
    await jax.blockUntilReady(p);
    const loss = (p: any, x: A, y: A) => {
      for (let i = 0; i < n; i++) {
        x = np.matmul(x, p["w" + i]).add(p["b" + i]);
        if (i + 1 < n) x = nn.relu(x);
      }
      return xentLoss(x, y);
    };
    const st = { m: zeros(tree.ref(p)), v: zeros(tree.ref(p)) };
    return trainer(p, st, loss, adam(w.lr), x, y, (t) => [1 / (1 - 0.9 ** t), 1 / (1 - 0.999 ** t)]);
  },
  async cnn(w) {
    const d = cnnData(w), B = w.batch;
    const p: any = {
      w1: f32(d.w1, [16, 1, 3, 3]),
      b1: f32(d.b1, [16, 1, 1]),
      w2: f32(d.w2, [32, 16, 3, 3]),
      b2: f32(d.b2, [32, 1, 1]),
      w3: f32(transpose(d.w3, 10, 1568), [1568, 10]),
      b3: f32(d.b3, [10]),
    };
    const x = f32(d.x, [B, 1, 28, 28]), y = i32(d.y);
    await ready(x, y);
    const conv = (x: A, w: A, b: A) => nn.relu(lax.convGeneralDilated(x, w, [1, 1], "SAME").add(b));
    const pool = (x: A) => lax.reduceWindow(x, np.max, [2, 2], [2, 2]);
    const loss = (p: any, x: A, y: A) => {
      x = pool(conv(x, p.w1, p.b1));
      x = pool(conv(x, p.w2, p.b2));
      return xentLoss(np.matmul(x.reshape([B, 1568]), p.w3).add(p.b3), y);
    };
    return trainer(p, zeros(tree.ref(p)), loss, sgd(w.lr, w.momentum), x, y, () => []);
  },
  async transformer(w) {
    const d = transformerData(w), { batch: B, seq: N, d: D, heads: H } = w;
    const lin = (a: Float32Array, o: number, i: number) => f32(transpose(a, o, i), [i, o]);
    const p: any = {
      g1: np.ones([D]),
      h1: np.zeros([D]),
      g2: np.ones([D]),
      h2: np.zeros([D]),
      wqkv: lin(d.wqkv, 3 * D, D),
      bqkv: f32(d.bqkv, [3 * D]),
      wo: lin(d.wo, D, D),
      bo: f32(d.bo, [D]),
      w1: lin(d.w1, 4 * D, D),
      b1: f32(d.b1, [4 * D]),
      w2: lin(d.w2, D, 4 * D),
      b2: f32(d.b2, [D]),
    };
    const x = f32(d.x, [B, N, D]), y = f32(d.y, [B, N, D]);
    await ready(x, y);
    const loss = (p: any, x: A, y: A) => {
      const a = np.matmul(layerNorm(x.ref, p.g1, p.h1), p.wqkv).add(p.bqkv).reshape([B, N, 3, H, D / H]);
      const [q, k, v] = [0, 1, 2].map((i) => (i < 2 ? a.ref : a).slice([], [], i, [], []));
      const o = nn.dotProductAttention(q, k, v, { isCausal: true }).reshape([B, N, D]);
      x = x.add(np.matmul(o, p.wo).add(p.bo));
      const h = nn.gelu(np.matmul(layerNorm(x.ref, p.g2, p.h2), p.w1).add(p.b1), { approximate: false });
      x = x.add(np.matmul(h, p.w2).add(p.b2));
      const e = x.sub(y);
      return e.ref.mul(e).mean();
    };
    return trainer(p, [], loss, sgd(w.lr), x, y, () => []);
  },
};

await main({
  async init() {
    const have = await jax.init(variant);
    if (!have.includes(variant)) throw new Error(`device ${variant} missing: ${have}`);
    jax.defaultDevice(variant);
  },
  impls,
});
