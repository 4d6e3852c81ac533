/**
 * Whole training runs beside PyTorch 1.13's with the same seed: the printed digits must be the same.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import * as torch from "../../mod.ts";
import { data, functional as F, nn, optim, type Tensor } from "../../mod.ts";
import { testOnDevices } from "../tensor/expect.ts";

const number = (t: Tensor): number => t.item() as number;

testOnDevices("a network on three spirals learns as in PyTorch", () => {
  torch.manualSeed(42);
  const classes = 3, n = 200;
  const t = torch.linspace(0, 1, n);
  const points: Tensor[] = [], labels: Tensor[] = [];
  for (let k = 0; k < classes; k++) {
    const r = t.add(0.02);
    const a = t.mul(4).add(k * 2 * Math.PI / classes).add(torch.randn([n]).mul(0.15));
    points.push(torch.stack([r.mul(a.sin()), r.mul(a.cos())], { dim: 1 }));
    labels.push(torch.full([n], k, { dtype: "int32" }));
  }
  const samples = new data.TensorDataset(torch.cat(points), torch.cat(labels));
  const [train, test] = data.randomSplit(samples, [480, 120]) as [
    data.Subset<[Tensor, Tensor]>,
    data.Subset<[Tensor, Tensor]>,
  ];
  const loader = new data.DataLoader(train, { batchSize: 48, shuffle: true });
  const model = new nn.Sequential(
    new nn.Linear(2, 64),
    new nn.ReLU(),
    new nn.Linear(64, 64),
    new nn.Tanh(),
    new nn.Linear(64, classes),
  );
  const criterion = new nn.CrossEntropyLoss({ labelSmoothing: 0.05, weight: torch.tensor([1, 1.5, 0.5]) });
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.2, momentum: 0.9, weightDecay: 1e-4, nesterov: true });
  const scheduler = new optim.lrScheduler.StepLR(optimizer, 5, { gamma: 0.5 });
  const losses: string[] = [];
  for (let epoch = 0; epoch < 20; epoch++) {
    let total = 0;
    for (const [x, y] of loader) {
      optimizer.zeroGrad();
      const loss = criterion(model(x), y);
      loss.backward();
      optimizer.step();
      total += number(loss) * x.size(0);
    }
    scheduler.step();
    losses.push((total / train.length).toFixed(4));
  }
  // The first epochs to the last digit shown; later ones gather rounding differences.
  assertEquals(losses.slice(0, 6), ["0.9131", "0.7205", "0.6591", "0.5597", "0.4490", "0.3920"]);
  assertEquals(Number(losses.at(-1)).toFixed(2), "0.26");
  assertEquals(scheduler.getLastLr(), [0.0125]);
  model.eval();
  torch.noGrad(() => {
    const [x, y] = test.batch!();
    const p = model(x).softmax(1);
    assertEquals(number(p.argmax(1).eq(y).float().mean()).toFixed(4), "0.9667");
  });
});

class Shapes extends nn.Module {
  conv1 = new nn.Conv2d(1, 8, 3, { padding: 1 });
  bn1 = new nn.BatchNorm2d(8);
  conv2 = new nn.Conv2d(8, 16, 3, { padding: 1, bias: false });
  bn2 = new nn.BatchNorm2d(16);
  fc = new nn.Linear(16 * 4 * 4, 3);

  override forward(x: Tensor): Tensor {
    x = F.maxPool2d(F.relu(this.bn1(this.conv1(x))), 2);
    x = F.avgPool2d(F.leakyRelu(this.bn2(this.conv2(x)), 0.1), 2);
    return this.fc(torch.flatten(x, 1));
  }
}

/** Images of squares, disks and crosses. */
function draw(kinds: Tensor, places: Tensor): Tensor {
  const n = kinds.size(0), line = torch.arange(16, { dtype: "float32" });
  const column = (i: number) => places.select(1, i).reshape([n, 1, 1]);
  const cx = column(0).mul(6).add(5), cy = column(1).mul(6).add(5), r = column(2).mul(3).add(2);
  const dx = line.reshape([1, 1, 16]).sub(cx).abs(), dy = line.reshape([1, 16, 1]).sub(cy).abs();
  const square = dx.le(r).logicalAnd(dy.le(r));
  const disk = dx.mul(dx).add(dy.mul(dy)).le(r.mul(r));
  const cross = dx.le(1).logicalAnd(dy.le(r)).logicalOr(dy.le(1).logicalAnd(dx.le(r)));
  const kind = kinds.reshape([n, 1, 1]);
  return torch.where(kind.eq(0), square, torch.where(kind.eq(1), disk, cross)).float().unsqueeze(1);
}

testOnDevices("a convolutional network with batch norm and clipping learns as in PyTorch", () => {
  torch.manualSeed(7);
  const n = 192;
  const kinds = torch.randint(0, 3, [n]);
  const clean = draw(kinds, torch.rand([n, 3]));
  const images = clean.add(torch.randnLike(clean).mul(0.3));
  const net = new Shapes();
  const named = net.namedParameters();
  const group = (norm: boolean) => named.filter(([name]) => name.includes("bn") === norm).map(([, p]) => p);
  const options = { lr: 5e-3, betas: [0.9, 0.98] } as const;
  const optimizer = new optim.Adam([{ params: group(false) }, { params: group(true), lr: 1e-3 }], options);
  const printed: string[] = [];
  for (let step = 0; step < 15; step++) {
    const chosen = torch.randperm(n).narrow(0, 0, 48);
    const loss = F.crossEntropy(net(images.indexSelect(0, chosen)), kinds.indexSelect(0, chosen));
    optimizer.zeroGrad();
    loss.backward();
    const norm = nn.utils.clipGradNorm_(net.parameters(), 1);
    optimizer.step();
    if (step % 5 === 4) printed.push(`loss ${number(loss).toFixed(4)} norm ${number(norm).toFixed(4)}`);
  }
  assertEquals(printed, ["loss 0.9257 norm 0.8157", "loss 0.8555 norm 1.2422", "loss 0.7627 norm 1.1587"]);
});

Deno.test("two models trained in turn do as each by itself", () => {
  const make = (seed: number) => {
    torch.manualSeed(seed);
    const model = new nn.Sequential(new nn.Linear(3, 5), new nn.GELU(), new nn.Linear(5, 1));
    const optimizer = new optim.Adam(model.parameters(), { lr: 0.05 });
    const x = torch.randn([seed + 6, 3]);
    return () => {
      optimizer.zeroGrad();
      const loss = model(x).sub(1).square().mean();
      loss.backward();
      optimizer.step();
      return number(loss);
    };
  };
  const alone = [1, 2].map((seed) => {
    const step = make(seed);
    return Array.from({ length: 8 }, step);
  });
  const steps = [make(1), make(2)];
  const together: number[][] = [[], []];
  for (let i = 0; i < 8; i++) steps.forEach((step, j) => together[j]!.push(step()));
  assertEquals(together, alone);
});
