/**
 * A checkpoint in memory half-way: new objects that load the states of model, optimizer, schedule and generator go on as if nothing had
 * happened.
 * A port, line by line, of a PyTorch script; it prints PyTorch's numbers.
 *
 *     deno run examples/resume.ts [--device cpu|webgpu]
 *
 * @module
 */

import * as torch from "../mod.ts";
import { data, functional as F, nn, optim } from "../mod.ts";

const at = Deno.args.indexOf("--device");
if (at >= 0) torch.setDefaultDevice(Deno.args[at + 1] as torch.DeviceName);

class Net extends nn.Module {
  embed = new nn.Embedding(10, 8, { paddingIdx: 0 });
  conv = new nn.Conv1d(8, 16, 3, { padding: "same" });
  norm = new nn.BatchNorm1d(16);
  drop = new nn.Dropout(0.25);
  head = new nn.ModuleDict({ mean: new nn.Linear(16, 1), scale: new nn.Linear(16, 1) });

  override forward(x: torch.Tensor): [mean: torch.Tensor, variance: torch.Tensor] {
    let h = this.embed(x).transpose(1, 2);
    h = this.drop(F.gelu(this.norm(this.conv(h)))).amax({ dim: 2 });
    return [this.head.get("mean")(h).squeeze(1), F.softplus(this.head.get("scale")(h)).squeeze(1)];
  }
}

function build(): [Net, optim.AdamW, optim.lrScheduler.LRScheduler] {
  const net = new Net();
  const optimizer = new optim.AdamW(net.parameters(), { lr: 1e-2, amsgrad: true });
  return [net, optimizer, new optim.lrScheduler.CosineAnnealingLR(optimizer, { TMax: 8 })];
}

torch.manualSeed(99);
const x = torch.randint(0, 10, [160, 12]);
const y = x.float().mean({ dim: 1 }).sub(4.5).add(torch.randn([160]).mul(0.1));
const loader = new data.DataLoader(new data.TensorDataset(x, y), { batchSize: 40, shuffle: true });
const criterion = new nn.GaussianNLLLoss();

function train([net, optimizer, scheduler]: ReturnType<typeof build>, from: number, to: number): number[] {
  net.train();
  const losses: number[] = [];
  for (let epoch = from; epoch < to; epoch++) {
    let total = 0;
    for (const [xb, yb] of loader) {
      const [mean, variance] = net(xb);
      const loss = criterion(mean, yb, variance);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      total += loss.item();
    }
    scheduler.step();
    losses.push(total / loader.length);
    console.log(`epoch ${epoch} lr ${scheduler.getLastLr()[0]!.toFixed(6)} loss ${losses.at(-1)!.toFixed(6)}`);
  }
  return losses;
}
const python = (truth: boolean): string => truth ? "True" : "False";
const list = (names: readonly string[]): string => `[${names.map((name) => `'${name}'`).join(", ")}]`;

const [net, optimizer, scheduler] = build();
train([net, optimizer, scheduler], 0, 4);
const checkpoint = nn.deepcopy({
  model: net.stateDict(),
  optimizer: optimizer.stateDict(),
  scheduler: scheduler.stateDict(),
  rng: torch.getRngState(),
});
const straight = train([net, optimizer, scheduler], 4, 8);

torch.manualSeed(0);
const [net2, optimizer2, scheduler2] = build();
console.log(`loaded ${net2.loadStateDict(checkpoint.model)}`);
optimizer2.loadStateDict(checkpoint.optimizer);
scheduler2.loadStateDict(checkpoint.scheduler);
torch.setRngState(checkpoint.rng);
const resumed = train([net2, optimizer2, scheduler2], 4, 8);
console.log(`the same losses ${python(straight.every((loss, i) => loss === resumed[i]))}`);
const other = Object.values(net2.stateDict());
const same = Object.values(net.stateDict()).every((a, i) => torch.equal(a, other[i]!));
console.log(`the same weights ${python(same)}`);
console.log(`batches tracked ${net2.norm.numBatchesTracked} padding ${net2.embed.weight.at(0).abs().sum()}`);
delete checkpoint.model["head.mean.bias"];
checkpoint.model.extra = torch.zeros([1]);
const result = net2.loadStateDict(checkpoint.model, { strict: false });
console.log(`missing ${list(result.missingKeys)} unexpected ${list(result.unexpectedKeys)}`);
