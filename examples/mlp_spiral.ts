/**
 * Three interleaved spirals: an MLP, mini-batches in shuffled order, SGD with momentum, a step-wise learning rate.
 * A port, line by line, of a PyTorch script; it prints PyTorch's numbers.
 *
 *     deno run examples/mlp_spiral.ts [--device cpu|webgpu]
 *
 * @module
 */

import * as torch from "../mod.ts";
import { data, nn, optim } from "../mod.ts";

const at = Deno.args.indexOf("--device");
if (at >= 0) torch.setDefaultDevice(Deno.args[at + 1] as torch.DeviceName);

torch.manualSeed(42);
const K = 3, n = 200;
const t = torch.linspace(0, 1, n);
const xs: torch.Tensor[] = [], ys: torch.Tensor[] = [];
for (let k = 0; k < K; k++) {
  const r = t.add(0.02);
  const a = t.mul(4).add(k * 2 * Math.PI / K).add(torch.randn([n]).mul(0.15));
  xs.push(torch.stack([r.mul(a.sin()), r.mul(a.cos())], { dim: 1 }));
  ys.push(torch.full([n], k, { dtype: "int32" }));
}
const x = torch.cat(xs), y = torch.cat(ys);
const [train, test] = data.randomSplit(new data.TensorDataset(x, y), [480, 120]);
const loader = new data.DataLoader(train, { batchSize: 48, shuffle: true });

const model = new nn.Sequential(
  new nn.Linear(2, 64),
  new nn.ReLU(),
  new nn.Linear(64, 64),
  new nn.Tanh(),
  new nn.Linear(64, K),
);
const criterion = new nn.CrossEntropyLoss({ labelSmoothing: 0.05, weight: torch.tensor([1.0, 1.5, 0.5]) });
const optimizer = new optim.SGD(model.parameters(), { lr: 0.2, momentum: 0.9, weightDecay: 1e-4, nesterov: true });
const scheduler = new optim.lrScheduler.StepLR(optimizer, 5, { gamma: 0.5 });
for (let epoch = 0; epoch < 20; epoch++) {
  let total = 0;
  for (const [xb, yb] of loader) {
    optimizer.zeroGrad();
    const loss = criterion(model(xb), yb);
    loss.backward();
    optimizer.step();
    total += loss.item() * xb.size(0);
  }
  scheduler.step();
  const lr = scheduler.getLastLr()[0]!.toFixed(4);
  console.log(`epoch ${String(epoch).padStart(2)} lr ${lr} loss ${(total / train.length).toFixed(6)}`);
}
model.eval();
torch.noGrad(() => {
  const [xt, yt] = test.at(":");
  const p = model(xt).softmax({ dim: 1 });
  const accuracy = p.argmax(1).eq(yt).float().mean().item();
  const confidence = p.max({ dim: 1 }).values.mean().item();
  console.log(`test accuracy ${accuracy.toFixed(4)} confidence ${confidence.toFixed(5)}`);
});
