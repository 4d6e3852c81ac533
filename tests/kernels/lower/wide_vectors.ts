/**
 * Prints a line for each of many results: a hash of its bits. Run by `wide_vectors_test.ts`, in processes whose V8 joins vectors and in
 * ones whose does not.
 *
 * @module
 */

import {
  cat,
  describeDevice,
  functional as F,
  manualSeed,
  nn,
  optim,
  randint,
  randn,
  setDefaultDevice,
  type Tensor,
} from "../../../mod.ts";

setDefaultDevice("cpu");
console.log(describeDevice("cpu"));
manualSeed(0);

/** FNV-1a of the bytes. */
function hash(t: Tensor): number {
  const data = t.contiguous().dataSync();
  let h = 0x811c9dc5;
  for (const byte of new Uint8Array(data.buffer, data.byteOffset, data.byteLength)) {
    h = Math.imul(h ^ byte, 0x01000193);
  }
  return h >>> 0;
}

function show(name: string, ...results: Tensor[]): void {
  console.log(name, ...results.map(hash));
}

// Products: whole and broken tiles, more than one block of the depth, transposed operands, batches, other dtypes, and what comes after.
for (const [m, k, n] of [[1, 1, 1], [5, 3, 7], [6, 256, 16], [13, 300, 33], [32, 64, 16], [130, 520, 70]] as const) {
  const a = randn([m, k]), b = randn([k, n]), bias = randn([n]);
  show(`product ${m} ${k} ${n}`, a.matmul(b), a.t().contiguous().t().matmul(b.t().contiguous().t()));
  show(`product and what follows ${m} ${k} ${n}`, F.gelu(a.matmul(b).add(bias)), a.matmul(b).gt(0), a.matmul(b).tanh());
  show(`float64 ${m} ${k} ${n}`, a.double().matmul(b.double()));
  show(`int32 ${m} ${k} ${n}`, a.mul(100).int().matmul(b.mul(100).int()));
}
show("batches", randn([3, 20, 40]).matmul(randn([3, 40, 24])), randn([2, 1, 9, 8]).matmul(randn([4, 8, 10])));
// Long enough for threads to start.
const square = randn([384, 384]);
let power = square;
for (let i = 0; i < 40; i++) power = power.matmul(square).div(20);
show("threads", power);
for (const stride of [1, 2]) {
  const x = randn([2, 6, 17, 19], { requiresGrad: true }), w = randn([18, 3, 3, 3], { requiresGrad: true });
  const y = F.conv2d(x, w, { stride, padding: 1, groups: 2 });
  y.square().sum().backward();
  show(`convolution, stride ${stride}`, y, x.grad!, w.grad!);
}

// Elementwise and rows: lengths around those of vectors, pairs and unrolled loops.
for (const length of [1, 3, 4, 7, 8, 9, 16, 31, 33, 64, 100, 257]) {
  const x = randn([5, length], { requiresGrad: true }), y = randn([5, length]);
  show(
    `elements ${length}`,
    x.exp().add(x.mul(x)).tanh(),
    F.gelu(x).mul(y).sigmoid(),
    x.erf().log1p(),
    x.atan2(y),
    x.sin().cos().pow(3),
    x.gt(y).logicalAnd(x.lt(1)),
    x.mul(50).int().bitwiseXor(7).bitwiseLeftShift(2),
    x.double().exp(),
    cat([x, y], 1),
  );
  show(`rows ${length}`, F.softmax(x, 1), F.layerNorm(x, [length]), x.sum(1), x.logsumexp(1), x.amax(1), x.cumsum(1));
  show(`columns ${length}`, F.softmax(x, 0), x.sum(0), x.mean(0), x.std(0));
  F.crossEntropy(x, randint(0, length, [5])).backward();
  show(`loss ${length}`, x.grad!);
}

// Training.
const model = new nn.Sequential(new nn.Linear(20, 50), new nn.LayerNorm(50), new nn.GELU(), new nn.Linear(50, 7));
const optimizer = new optim.AdamW(model.parameters(), { lr: 0.01 });
const x = randn([64, 20]), target = randint(0, 7, [64]);
for (let step = 0; step < 5; step++) {
  optimizer.zeroGrad();
  F.crossEntropy(model(x), target).backward();
  optimizer.step();
}
show("parameters", ...model.parameters());
