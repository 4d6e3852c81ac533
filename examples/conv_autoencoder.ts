/**
 * A convolutional autoencoder of drawn bars and crosses: strided and transposed convolution, group norm, channel dropout, binary cross
 * entropy with logits, Adamax, and a schedule with warm restarts.
 * A port, line by line, of a PyTorch script; it prints PyTorch's numbers.
 *
 *     deno run examples/conv_autoencoder.ts [--device cpu|webgpu]
 *
 * @module
 */

import * as torch from "../mod.ts";
import { functional as F, nn, optim } from "../mod.ts";

const at = Deno.args.indexOf("--device");
if (at >= 0) torch.setDefaultDevice(Deno.args[at + 1] as torch.DeviceName);

class Encoder extends nn.Module {
  conv1 = new nn.Conv2d(1, 8, 3, { stride: 2, padding: 1 });
  norm1 = new nn.GroupNorm(2, 8);
  conv2 = new nn.Conv2d(8, 16, 3, { stride: 2, padding: 1 });
  norm2 = new nn.GroupNorm(4, 16);
  drop = new nn.Dropout2d(0.1);
  fc: nn.Linear;

  constructor(features: number) {
    super();
    this.fc = new nn.Linear(16 * 4 * 4, features);
  }

  override forward(x: torch.Tensor): torch.Tensor {
    x = F.silu(this.norm1(this.conv1(x)));
    x = this.drop(F.silu(this.norm2(this.conv2(x))));
    return this.fc(x.flatten(1));
  }
}

// Fields with a value are made before the constructor's own lines: what comes after `fc` in PyTorch does so here.
class Decoder extends nn.Module {
  fc: nn.Linear;
  up1: nn.ConvTranspose2d;
  norm: nn.GroupNorm;
  up2: nn.ConvTranspose2d;

  constructor(features: number) {
    super();
    this.fc = new nn.Linear(features, 16 * 4 * 4);
    this.up1 = new nn.ConvTranspose2d(16, 8, 3, { stride: 2, padding: 1, outputPadding: 1 });
    this.norm = new nn.GroupNorm(2, 8);
    this.up2 = new nn.ConvTranspose2d(8, 1, 4, { stride: 2, padding: 1, bias: false });
  }

  override forward(z: torch.Tensor): torch.Tensor {
    const x = F.silu(this.fc(z)).unflatten(1, [16, 4, 4]);
    return this.up2(F.silu(this.norm(this.up1(x))));
  }
}

function initialise(m: nn.Module): void {
  if (m instanceof nn.Conv2d || m instanceof nn.ConvTranspose2d) {
    nn.init.kaimingNormal_(m.weight, { nonlinearity: "relu" });
    if (m.bias !== null) nn.init.constant_(m.bias, 0.01);
  } else if (m instanceof nn.Linear) {
    nn.init.xavierUniform_(m.weight, { gain: 0.5 });
  }
}

torch.manualSeed(5);
const N = 128, S = 16;
const grid = torch.arange(S), place = torch.randint(1, S - 2, [N, 2, 1, 1]);
const kind = torch.arange(N).view(N, 1, 1).remainder(3);
const rows = grid.view(S, 1).sub(place.at(":", 0)), columns = grid.sub(place.at(":", 1));
const across = rows.ge(0).logicalAnd(rows.lt(2)).logicalAnd(kind.ne(1));
const down = columns.ge(0).logicalAnd(columns.lt(2)).logicalAnd(kind.ne(0));
const images = across.logicalOr(down).float().unsqueeze(1);
console.log(`mean ${images.mean().item().toFixed(4)} images ${images.shape}`);
const model = new nn.Sequential(new Encoder(12), new Decoder(12)).apply(initialise);
console.log(`${model.at(1)}`);
const optimizer = new optim.Adamax(model.parameters(), { lr: 8e-3 });
const scheduler = new optim.lrScheduler.CosineAnnealingWarmRestarts(optimizer, 6, { TMult: 2, etaMin: 2e-4 });
for (let epoch = 0; epoch < 18; epoch++) {
  let total = 0;
  for (const batch of images.at(torch.randperm(N)).split(32)) {
    const loss = F.binaryCrossEntropyWithLogits(model(batch), batch, { posWeight: torch.tensor(2.0) });
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    total += loss.item() * batch.size(0);
  }
  const lr = scheduler.getLastLr()[0]!.toFixed(6);
  console.log(`epoch ${String(epoch).padStart(2)} lr ${lr} loss ${(total / N).toFixed(6)}`);
  scheduler.step();
}
model.eval();
torch.noGrad(() => {
  const rebuilt = model(images.at(":3")).sigmoid();
  const right = rebuilt.gt(0.5).eq(images.at(":3").gt(0.5)).float().mean();
  console.log(`pixels right ${right.item().toFixed(4)}`);
  console.log(`codes ${model.at(0)(images.at(":2")).at(":", ":4")}`);
});
