/**
 * What the page computes. Reads are awaited: a browser does not let a script wait for a graphics processor.
 *
 * @module
 */

import * as torch from "../../mod.ts";
import { data, functional as F, nn, optim } from "../../mod.ts";

const C = 5;

/** The negative log likelihood, with a row of labels for each sample that has 1 at its class. */
export function onehotLoss(score: torch.Tensor, target: torch.Tensor): torch.Tensor {
  const N = target.size(0);
  const labels = torch.zeros([N, C]).scatter_(1, target.unsqueeze(1), 1);
  return F.logSoftmax(score, { dim: 1 }).mul(labels).sum().neg().div(N);
}

/** The loss of three samples in three ways. */
export async function threeForms(): Promise<Record<string, number>> {
  torch.manualSeed(119838410);
  const input = torch.randn([3, C]);
  const target = torch.tensor([1, 0, 4]);
  const losses = {
    "nllLoss of logSoftmax": F.nllLoss(F.logSoftmax(input, { dim: 1 }), target),
    "crossEntropy": F.crossEntropy(input, target),
    "one-hot labels": onehotLoss(input, target),
  };
  const values = await torch.stack(Object.values(losses)).data();
  return Object.fromEntries(Object.keys(losses).map((name, i) => [name, values[i]!]));
}

/** Trains a classifier of 256 points and yields, for each epoch, the losses of its steps: one read an epoch. */
export async function* train(
  criterion: (score: torch.Tensor, target: torch.Tensor) => torch.Tensor,
  epochs: number,
): AsyncGenerator<number[]> {
  torch.manualSeed(0);
  const centers = torch.randn([C, 8]).mul(2);
  const target = torch.randint(0, C, [256]);
  const images = centers.at(target).add(torch.randn([256, 8]));
  const trainLoader = new data.DataLoader(new data.TensorDataset(images, target), { batchSize: 32, shuffle: true });
  const model = new nn.Linear(8, C);
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
  for (let epoch = 0; epoch < epochs; epoch++) {
    const losses: torch.Tensor[] = [];
    for (const [images, target] of trainLoader) {
      const loss = criterion(model(images!), target!);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      losses.push(loss.detach());
    }
    yield [...await torch.stack(losses).data()];
  }
}
