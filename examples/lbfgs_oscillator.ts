/**
 * A differential equation, u'' + 0.4 u' + 4 u = 0 with u(0) = 1 and u'(0) = 0, solved by a sum of waves of random frequencies. Gradients
 * of gradients make the loss; LBFGS with the strong Wolfe line search finds the heights, calling the loss as often as it likes.
 * A port, line by line, of a PyTorch script; it prints PyTorch's numbers.
 *
 *     deno run examples/lbfgs_oscillator.ts [--device cpu|webgpu]
 *
 * @module
 */

import * as torch from "../mod.ts";
import { autograd, nn, optim } from "../mod.ts";

const at = Deno.args.indexOf("--device");
if (at >= 0) torch.setDefaultDevice(Deno.args[at + 1] as torch.DeviceName);

class Waves extends nn.Module {
  inner: nn.Linear;
  outer: nn.Linear;

  constructor(count: number) {
    super();
    this.inner = new nn.Linear(1, count);
    this.outer = new nn.Linear(count, 1);
    nn.init.uniform_(this.inner.weight, -3, 3);
    nn.init.uniform_(this.inner.bias!, -Math.PI, Math.PI);
    this.inner.requiresGrad_(false);
  }

  override forward(t: torch.Tensor): torch.Tensor {
    return this.outer(torch.sin(this.inner(t)));
  }
}

torch.manualSeed(21);
const net = new Waves(10);
const t = torch.linspace(0, 3, 40).unsqueeze(1).requiresGrad_();
const start = torch.zeros([1, 1], { requiresGrad: true });
const weights = net.parameters().filter((p) => p.requiresGrad);
const optimizer = new optim.LBFGS(weights, { lr: 1.0, maxIter: 5, historySize: 8, lineSearchFn: "strong_wolfe" });
let calls = 0;

function slopes(x: torch.Tensor): [u: torch.Tensor, first: torch.Tensor, second: torch.Tensor] {
  const u = net(x);
  const [first] = autograd.grad(u, x, { gradOutputs: torch.onesLike(u), createGraph: true });
  const [second] = autograd.grad(first, x, { gradOutputs: torch.onesLike(first), createGraph: true });
  return [u, first, second];
}

function closure(): torch.Tensor {
  calls++;
  optimizer.zeroGrad();
  const [u, first, second] = slopes(t);
  const residual = second.add(first.mul(0.4)).add(u.mul(4)).square().mean();
  const [u0, v0] = slopes(start);
  let loss = residual.add(u0.sub(1).square().mean().mul(10)).add(v0.square().mean().mul(10));
  loss = loss.add(weights.map((p) => p.square().sum()).reduce((sum, p) => sum.add(p)).mul(0.02));
  loss.backward();
  return loss;
}

for (let step = 0; step < 7; step++) {
  const loss = optimizer.step(closure);
  console.log(`step ${step} calls ${String(calls).padStart(2)} loss ${loss.item().toFixed(5)}`);
}
torch.noGrad(() => {
  const w = Math.sqrt(4 - 0.04);
  const exact = t.mul(-0.2).exp().mul(t.mul(w).cos().add(t.mul(w).sin().mul(0.2 / w)));
  console.log(`largest error ${net(t).sub(exact).abs().max().item().toFixed(4)}`);
  console.log(`solution ${net(t).at("::8").squeeze(1)}`);
});
