/**
 * One cross entropy computed in three ways, and a training loop with one-hot labels beside the same loop with `crossEntropy`.
 * A port, line by line, of a PyTorch script; it prints PyTorch's numbers.
 *
 *     deno run examples/cross_entropy.ts [--device cpu|webgpu]
 *
 * @module
 */

import * as torch from "../mod.ts";
import { data, functional as F, nn, optim } from "../mod.ts";

const at = Deno.args.indexOf("--device");
if (at >= 0) torch.setDefaultDevice(Deno.args[at + 1] as torch.DeviceName);

torch.manualSeed(119838410);
const m = new nn.LogSoftmax({ dim: 1 });
const nllLoss = new nn.NLLLoss();
const input = torch.randn([3, 5], { requiresGrad: true });
const target = torch.tensor([1, 0, 4]);
const output = nllLoss(m(input), target);
console.log(`logsoftmax + nllloss output is ${output}`);

const loss = new nn.CrossEntropyLoss();
const entropy = loss(input, target);
console.log(`crossentropy output is ${entropy}`);

const C = 5;
console.log(`target is ${target}`);
const N = target.size(0);
const labels = torch.full([N, C], 0.0);
console.log(`labels shape is ${labels.shape}`);
labels.scatter_(1, target.unsqueeze(1), 1);
console.log(`labels is ${labels}`);

const logProb = F.logSoftmax(input, { dim: 1 });
const onehot = logProb.mul(labels).sum().neg().div(N);
console.log(`N is ${N}`);
console.log(`one-hot loss is ${onehot}`);

const gradients = [output, entropy, onehot].map((loss) => {
  input.grad = null;
  loss.backward();
  return input.grad!;
});
console.log(`grad is ${input.grad}`);
const agree = gradients.every((grad) => torch.allclose(grad, input.grad!));
console.log(`the three gradients ${agree ? "agree" : "differ"}`);
console.log(`device is ${input.device}`);

/** Trains a classifier of 256 points and yields the last loss of each epoch. */
function* train(criterion: (score: torch.Tensor, target: torch.Tensor) => torch.Tensor): Generator<number> {
  torch.manualSeed(0);
  const centers = torch.randn([C, 8]).mul(2);
  const target = torch.randint(0, C, [256]);
  const images = centers.at(target).add(torch.randn([256, 8]));
  const trainLoader = new data.DataLoader(new data.TensorDataset(images, target), { batchSize: 32, shuffle: true });
  const model = new nn.Linear(8, C);
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
  for (let epoch = 0; epoch < 3; epoch++) {
    let loss = torch.zeros([]);
    for (const [images, target] of trainLoader) {
      loss = criterion(model(images!), target!);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
    }
    yield loss.item();
  }
}

function onehotLoss(score: torch.Tensor, target: torch.Tensor): torch.Tensor {
  const N = target.size(0);
  const labels = torch.full([N, C], 0.0);
  labels.scatter_(1, target.unsqueeze(1), 1);
  return F.logSoftmax(score, { dim: 1 }).mul(labels).sum().neg().div(N);
}

const crossEntropy = [...train(F.crossEntropy)];
for (const [epoch, loss] of [...train(onehotLoss)].entries()) {
  console.log(`epoch ${epoch} loss ${loss.toFixed(6)} crossentropy ${crossEntropy[epoch]!.toFixed(6)}`);
}
