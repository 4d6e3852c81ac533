/**
 * TensorFlow.js: eager operations inside `tf.tidy`, images NHWC.
 *
 * @module
 */
// deno-lint-ignore-file no-explicit-any -- the package comes without types here

import { cnnData, ints, mlpData, permute, transformerData, transpose, uniform } from "./data.ts";
import { type Impl, load, main, type Op, type Train, variant, workload } from "./driver.ts";

// The union package registers the gradients (tfjs-core's own register_all_gradients has extensionless imports that Deno
// cannot resolve); the start-up run, which needs none, takes the lighter core package.
const tf = await load(workload.kind === "startup" ? "@tensorflow/tfjs-core" : "@tensorflow/tfjs");
type T = any;
/** Done is what an element can be read from. */
const wait = async (t: T) => {
  const s = tf.tidy(() => tf.slice(tf.reshape(t, [-1]), [0], [1]));
  await s.data();
  s.dispose();
};
function op(f: () => T): Op {
  return {
    async run() {
      const y = tf.tidy(f);
      await wait(y);
      y.dispose();
    },
    async out() {
      const y = tf.tidy(f);
      const d = await y.data();
      y.dispose();
      return d;
    },
  };
}
const f32 = (a: Float32Array, shape: number[]): T => tf.tensor(a, shape, "float32");
const xentLoss = (logits: T, hot: T): T => tf.losses.softmaxCrossEntropy(hot, logits);

function trainer(opt: any, loss: () => T): Train {
  let last: T = null;
  return {
    step() {
      last?.dispose();
      last = opt.minimize(loss, true);
    },
    async loss() {
      return (await last.data())[0];
    },
  };
}
const layerNorm = (x: T, g: T, b: T): T => {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5))), g), b);
};

const impls: Record<string, Impl> = {
  async startup() {
    const l = tf.tidy(() => xentLoss(f32(uniform(15, 1), [3, 5]), tf.oneHot(tf.tensor1d(ints(3, 2, 5), "int32"), 5)));
    return (await l.data())[0];
  },
  sync() {
    const x = f32(uniform(4096, 1), [4096]);
    const f = () => tf.sum(tf.add(x, 1));
    return {
      async run() {
        const y = tf.tidy(f);
        await y.data();
        y.dispose();
      },
      async out() {
        return await tf.tidy(f).data();
      },
    };
  },
  async xent(w) {
    const x = f32(uniform(w.rows * w.classes, 1, -2, 2), [w.rows, w.classes]),
      t = tf.tensor1d(ints(w.rows, 2, w.classes), "int32");
    await x.data();
    const f = tf.valueAndGrad((x: T) => xentLoss(x, tf.oneHot(t, w.classes)));
    const go = () => tf.tidy(() => f(x));
    return {
      async run() {
        const { value, grad } = go();
        // The queue is in order: the loss comes back after the gradient is done.
        await value.data();
        value.dispose();
        grad.dispose();
      },
      async out() {
        const { value, grad } = go();
        const d = await grad.data();
        value.dispose();
        grad.dispose();
        return d;
      },
    };
  },
  matmul(w) {
    const n = w.n, a = f32(uniform(n * n, 1), [n, n]), b = f32(uniform(n * n, 2), [n, n]);
    return op(() => tf.matMul(a, b));
  },
  bmm(w) {
    const n = w.n, s = [w.b, n, n], a = f32(uniform(w.b * n * n, 1), s), b = f32(uniform(w.b * n * n, 2), s);
    return op(() => tf.matMul(a, b));
  },
  matvec(w) {
    const n = w.n, a = f32(uniform(n * n, 1), [n, n]), b = f32(uniform(n, 2), [n, 1]);
    return op(() => tf.matMul(a, b));
  },
  ewchain(w) {
    const x = f32(uniform(w.n, 1), [w.n]);
    return op(() => tf.tanh(tf.add(tf.exp(x), tf.mul(x, x))));
  },
  sum(w) {
    const x = f32(uniform(w.n, 1, 0, 1), [w.n]);
    return op(() => tf.sum(x));
  },
  softmax(w) {
    const x = f32(uniform(w.rows * w.cols, 1, -2, 2), [w.rows, w.cols]);
    return op(() => tf.softmax(x));
  },
  layernorm(w) {
    const x = f32(uniform(w.rows * w.cols, 1), [w.rows, w.cols]),
      g = f32(uniform(w.cols, 2, .5, 1.5), [w.cols]),
      b = f32(uniform(w.cols, 3), [w.cols]);
    return op(() => layerNorm(x, g, b));
  },
  mlp(w) {
    const d = mlpData(w),
      x = f32(d.x, [w.batch, w.sizes[0]!]),
      y = tf.tensor1d(d.y, "int32"),
      k = w.sizes[w.sizes.length - 1];
    const L = d.layers.map((l) => ({
      w: tf.variable(f32(transpose(l.w, l.out, l.in), [l.in, l.out])),
      b: tf.variable(f32(l.b, [l.out])),
    }));
    return trainer(tf.train.adam(w.lr, 0.9, 0.999, 1e-8), () => {
      let h = x;
      L.forEach((l, i) => {
        h = tf.add(tf.matMul(h, l.w), l.b);
        if (i + 1 < L.length) h = tf.relu(h);
      });
      return xentLoss(h, tf.oneHot(y, k));
    });
  },
  cnn(w) {
    const d = cnnData(w), B = w.batch, v = (a: Float32Array, s: number[]) => tf.variable(f32(a, s));
    const x = f32(d.x, [B, 28, 28, 1]), y = tf.tensor1d(d.y, "int32");
    const w1 = v(permute(d.w1, [16, 1, 3, 3], [2, 3, 1, 0]), [3, 3, 1, 16]), b1 = v(d.b1, [16]);
    const w2 = v(permute(d.w2, [32, 16, 3, 3], [2, 3, 1, 0]), [3, 3, 16, 32]), b2 = v(d.b2, [32]);
    const w3 = v(permute(d.w3, [10, 32, 7, 7], [2, 3, 1, 0]), [1568, 10]), b3 = v(d.b3, [10]);
    const blk = (x: T, w: T, b: T) => tf.maxPool(tf.relu(tf.add(tf.conv2d(x, w, 1, "same"), b)), 2, 2, "valid");
    return trainer(
      tf.train.momentum(w.lr, w.momentum),
      () => xentLoss(tf.add(tf.matMul(tf.reshape(blk(blk(x, w1, b1), w2, b2), [B, 1568]), w3), b3), tf.oneHot(y, 10)),
    );
  },
  transformer(w) {
    const d = transformerData(w),
      { batch: B, seq: N, d: D, heads: H } = w,
      hd = D / H,
      v = (a: Float32Array, s: number[]) => tf.variable(f32(a, s));
    const lin = (a: Float32Array, o: number, i: number) => v(transpose(a, o, i), [i, o]);
    const p = {
      g1: tf.variable(tf.ones([D])),
      h1: tf.variable(tf.zeros([D])),
      g2: tf.variable(tf.ones([D])),
      h2: tf.variable(tf.zeros([D])),
      wqkv: lin(d.wqkv, 3 * D, D),
      bqkv: v(d.bqkv, [3 * D]),
      wo: lin(d.wo, D, D),
      bo: v(d.bo, [D]),
      w1: lin(d.w1, 4 * D, D),
      b1: v(d.b1, [4 * D]),
      w2: lin(d.w2, D, 4 * D),
      b2: v(d.b2, [D]),
    };
    const x0 = f32(d.x, [B * N, D]), y = f32(d.y, [B * N, D]);
    const m = new Float32Array(N * N);
    for (let i = 0; i < N; i++) for (let j = i + 1; j < N; j++) m[i * N + j] = -1e9;
    const mask = f32(m, [1, 1, N, N]);
    return trainer(tf.train.sgd(w.lr), () => {
      const qkv = tf.transpose(
        tf.reshape(tf.add(tf.matMul(layerNorm(x0, p.g1, p.h1), p.wqkv), p.bqkv), [B, N, 3, H, hd]),
        [2, 0, 3, 1, 4],
      );
      const [q, k, vv] = tf.unstack(qkv, 0);
      const s = tf.add(tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(hd)), mask);
      const o = tf.reshape(tf.transpose(tf.matMul(tf.softmax(s), vv), [0, 2, 1, 3]), [B * N, D]);
      let x = tf.add(x0, tf.add(tf.matMul(o, p.wo), p.bo));
      const h = tf.add(tf.matMul(layerNorm(x, p.g2, p.h2), p.w1), p.b1);
      const g = tf.mul(tf.mul(h, 0.5), tf.add(1, tf.erf(tf.mul(h, Math.SQRT1_2))));
      x = tf.add(x, tf.add(tf.matMul(g, p.w2), p.b2));
      return tf.mean(tf.square(tf.sub(x, y)));
    });
  },
};

await main({
  async init() {
    const backend = await load(`@tensorflow/tfjs-backend-${variant}`);
    if (variant === "wasm") {
      const main = import.meta.resolve("@tensorflow/tfjs-backend-wasm");
      backend.setWasmPaths(new URL(main.replace(/dist\/[^/]*$/, "dist/")).pathname);
    }
    if (!await tf.setBackend(variant)) throw new Error(`The backend ${variant} did not start`);
    await tf.ready();
  },
  impls,
});
