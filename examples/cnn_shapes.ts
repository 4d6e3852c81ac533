/**
 * Drawn squares, disks and crosses under noise: convolution, batch norm, pooling, Adam, early layers frozen half-way.
 * A port, line by line, of a PyTorch script; it prints PyTorch's numbers.
 *
 *     deno run examples/cnn_shapes.ts [--device cpu|webgpu]
 *
 * @module
 */

import * as torch from "../mod.ts";
import { functional as F, nn, optim } from "../mod.ts";

const at = Deno.args.indexOf("--device");
if (at >= 0) torch.setDefaultDevice(Deno.args[at + 1] as torch.DeviceName);

function draw(kind: number, cx: torch.Tensor, cy: torch.Tensor, r: torch.Tensor, size = 16): torch.Tensor {
  const g = torch.arange(size, { dtype: "float32" });
  const [yy, xx] = torch.meshgrid(g, g, { indexing: "ij" });
  const dx = xx.sub(cx).abs(), dy = yy.sub(cy).abs();
  let m: torch.Tensor;
  if (kind === 0) m = dx.le(r).logicalAnd(dy.le(r));
  else if (kind === 1) m = dx.mul(dx).add(dy.mul(dy)).le(r.mul(r));
  else m = dx.le(1).logicalAnd(dy.le(r)).logicalOr(dy.le(1).logicalAnd(dx.le(r)));
  return m.float();
}

class Net extends nn.Module {
  conv1 = new nn.Conv2d(1, 8, 3, { padding: 1 });
  bn1 = new nn.BatchNorm2d(8);
  conv2 = new nn.Conv2d(8, 16, 3, { padding: 1, bias: false });
  bn2 = new nn.BatchNorm2d(16);
  fc = new nn.Linear(16 * 4 * 4, 3);

  override forward(x: torch.Tensor): torch.Tensor {
    x = F.maxPool2d(F.relu(this.bn1(this.conv1(x))), 2);
    x = F.avgPool2d(F.leakyRelu(this.bn2(this.conv2(x)), 0.1), 2);
    return this.fc(torch.flatten(x, 1));
  }
}

torch.manualSeed(7);
const n = 192;
const kinds = torch.randint(0, 3, [n]);
const pos = torch.rand([n, 3]);
const drawn: torch.Tensor[] = [];
for (let i = 0; i < n; i++) {
  const [cx, cy, r] = [pos.at(i, 0).mul(6).add(5), pos.at(i, 1).mul(6).add(5), pos.at(i, 2).mul(3).add(2)];
  drawn.push(draw(kinds.at(i).item(), cx, cy, r));
}
let images = torch.stack(drawn).unsqueeze(1);
images = images.add(torch.randnLike(images).mul(0.3));
const net = new Net();
console.log(`${net}`);
console.log(`parameters ${net.parameters().reduce((sum, p) => sum + p.numel(), 0)}`);
const named = net.namedParameters();
const opt = new optim.Adam([
  { params: named.filter(([k]) => !k.includes("bn")).map(([, p]) => p) },
  { params: named.filter(([k]) => k.includes("bn")).map(([, p]) => p), lr: 1e-3 },
], { lr: 5e-3, betas: [0.9, 0.98] });
for (let step = 0; step < 60; step++) {
  if (step === 30) {
    for (const p of net.conv1.parameters()) p.requiresGrad_(false);
  }
  const i = torch.randperm(n).at(":48");
  const loss = F.crossEntropy(net(images.at(i)), kinds.at(i));
  // PyTorch 1.13, whose numbers these are, fills gradients with zeros: Adam goes on moving the frozen layer. Since 2.0 the default is none.
  opt.zeroGrad({ setToNone: false });
  loss.backward();
  const norm = nn.utils.clipGradNorm_(net.parameters(), 1.0);
  opt.step();
  if (step % 5 === 4) {
    console.log(
      `step ${String(step).padStart(2)} loss ${loss.item().toFixed(5)} norm ${norm.item().toFixed(5)}`,
    );
  }
}
net.eval();
torch.noGrad(() => {
  console.log(`running mean ${net.bn1.runningMean}`);
  console.log(`accuracy ${net(images).argmax({ dim: 1 }).eq(kinds).float().mean().item().toFixed(4)}`);
});
console.log(`[${Object.keys(net.stateDict()).map((k) => `'${k}'`).join(", ")}]`);
