/**
 * Binary weights through a straight-through estimator written as an autograd Function; hooks on tensors and modules look on, and change
 * things; double backward; layers frozen and thawed.
 * A port, line by line, of a PyTorch script; it prints PyTorch's numbers.
 *
 *     deno run examples/hooks_and_functions.ts [--device cpu|webgpu]
 *
 * @module
 */

import * as torch from "../mod.ts";
import { autograd, functional as F, nn, optim } from "../mod.ts";

const at = Deno.args.indexOf("--device");
if (at >= 0) torch.setDefaultDevice(Deno.args[at + 1] as torch.DeviceName);

/** The sign of each weight, scaled by the mean magnitude; the gradient passes where the weight is small. */
class Sign extends autograd.Function {
  static forward(ctx: autograd.FunctionContext, w: torch.Tensor): torch.Tensor {
    ctx.saveForBackward(w);
    return w.sign().mul(w.abs().mean());
  }

  static backward(ctx: autograd.FunctionContext, grad: torch.Tensor): torch.Tensor {
    const [w] = ctx.savedTensors;
    return grad.mul(w!.abs().le(1));
  }
}

class Cube extends autograd.Function {
  static forward(ctx: autograd.FunctionContext, x: torch.Tensor, scale: number): torch.Tensor {
    ctx.saveForBackward(x);
    ctx.scale = scale;
    return x.pow(3).mul(scale);
  }

  static backward(ctx: autograd.FunctionContext, grad: torch.Tensor): [torch.Tensor, null] {
    const [x] = ctx.savedTensors;
    return [x!.pow(2).mul(3 * (ctx.scale as number)).mul(grad), null];
  }
}

class BinaryLinear extends nn.Linear {
  override forward(x: torch.Tensor): torch.Tensor {
    return F.linear(x, Sign.apply(this.weight), this.bias);
  }
}

torch.manualSeed(77);
const x = torch.tensor([1.0, 2.0, -1.5], { requiresGrad: true });
const y = Cube.apply(x, 0.5);
const [first] = autograd.grad(y.sum(), x, { createGraph: true });
const [second] = autograd.grad(first.sum(), x);
console.log(`cube ${y.detach()} first ${first.detach()} second ${second}`);
const point = torch.randn([4], { dtype: "float64", device: "cpu", requiresGrad: true });
console.log(`gradcheck ${autograd.gradcheck((t) => Cube.apply(t, 0.5), point) ? "True" : "False"}`);

const model = new nn.Sequential(
  new nn.Linear(6, 24),
  new nn.BatchNorm1d(24, { affine: false }),
  new nn.Hardtanh(),
  new BinaryLinear(24, 24),
  new nn.PReLU(),
  new nn.Linear(24, 1),
);
let seen: { mean?: number; grad?: number; shape?: string } = {};
model.at(3).registerForwardPreHook((_module, inputs) => [inputs[0].mul(1.5)]);
const handle = model.at(4).registerForwardHook((_module, _inputs, output) => {
  seen.mean = output.detach().mean().item();
});
model.at(3).registerFullBackwardHook((_module, grads, outs) => {
  seen.grad = outs[0]!.norm().item();
  seen.shape = `${grads[0]!.shape}`;
});
model.at(0).weight.registerHook((grad) => grad.mul(0.5));

const inputs = torch.randn([96, 6]);
const target = inputs.at(":", 0).mul(inputs.at(":", 1)).add(inputs.at(":", 2).abs()).unsqueeze(1);
const optimizer = new optim.RAdam(model.parameters(), { lr: 4e-2 });
const scheduler = new optim.lrScheduler.MultiplicativeLR(optimizer, () => 0.97);
for (let step = 0; step < 40; step++) {
  model.at(5).requiresGrad_(step >= 10);
  const out = model(inputs);
  out.retainGrad();
  const squares = model.parameters().map((p) => p.square().sum()).reduce((sum, p) => sum.add(p));
  const loss = F.smoothL1Loss(out, target).add(squares.mul(1e-3));
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
  scheduler.step();
  if (step % 5 === 4) {
    console.log(
      `step ${String(step).padStart(2)} loss ${loss.item().toFixed(5)} seen mean ${seen.mean!.toFixed(5)} ` +
        `grad ${seen.grad!.toFixed(6)} out grad ${out.grad!.abs().sum().item().toFixed(6)} ` +
        `trained ${model.parameters().filter((p) => p.requiresGrad).length}`,
    );
  }
}
handle.remove();
seen = {};
model(inputs);
console.log(`after removal ${JSON.stringify(seen)} slope ${model.at(4).weight.item().toFixed(4)}`);
