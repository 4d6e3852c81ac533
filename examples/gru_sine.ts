/**
 * Next-value prediction on noisy sines: a GRU with a linear head, Huber loss, RMSprop and a plateau schedule.
 * A port, line by line, of a PyTorch script; it prints PyTorch's numbers.
 *
 *     deno run examples/gru_sine.ts [--device cpu|webgpu]
 *
 * @module
 */

import * as torch from "../mod.ts";
import { nn, optim } from "../mod.ts";

const at = Deno.args.indexOf("--device");
if (at >= 0) torch.setDefaultDevice(Deno.args[at + 1] as torch.DeviceName);

torch.manualSeed(3);
const t = torch.arange(0, 40).float();
const phase = torch.rand([64, 1]).mul(6.28), freq = torch.rand([64, 1]).mul(0.3).add(0.2);
const wave = freq.mul(t).add(phase).sin().add(torch.randn([64, 40]).mul(0.05));
const x = wave.at(":", torch.slice(null, -1)).unsqueeze(-1), y = wave.at(":", torch.slice(1)).unsqueeze(-1);

class Net extends nn.Module {
  rnn = new nn.GRU(1, 24, { numLayers: 2, batchFirst: true });
  out = new nn.Linear(24, 1);

  override forward(x: torch.Tensor, h: torch.Tensor | null = null): [torch.Tensor, torch.Tensor] {
    const [o, last] = this.rnn(x, h);
    return [this.out(o), last];
  }
}

const net = new Net();
const lossFn = new nn.HuberLoss({ delta: 0.5 });
const opt = new optim.RMSprop(net.parameters(), { lr: 5e-3, alpha: 0.95, momentum: 0.5 });
const sched = new optim.lrScheduler.ReduceLROnPlateau(opt, { factor: 0.3, patience: 2 });
for (let step = 0; step < 50; step++) {
  const [pred] = net(x);
  const loss = lossFn(pred, y);
  opt.zeroGrad();
  loss.backward();
  nn.utils.clipGradValue_(net.parameters(), 0.5);
  opt.step();
  sched.step(loss.item());
  if (step % 5 === 4) {
    const lr = opt.paramGroups[0]!.lr as number;
    console.log(`step ${String(step).padStart(2)} loss ${loss.item().toFixed(6)} lr ${lr.toFixed(6)}`);
  }
}
torch.noGrad(() => {
  let [o, h] = net(x.at(torch.slice(null, 1)));
  const seq: number[] = [];
  for (let i = 0; i < 5; i++) {
    [o, h] = net(o.at(":", torch.slice(-1)), h);
    seq.push(o.item());
  }
  console.log(`[${seq.map((v) => `'${v.toFixed(4)}'`).join(", ")}]`);
});
