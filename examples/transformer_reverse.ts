/**
 * An encoder-decoder transformer learns to reverse sequences of different lengths: nn.Transformer with causal and padding masks, learned
 * positions, label smoothing, AdamW and a one-cycle schedule, an average of the weights, and greedy decoding.
 * A port, line by line, of a PyTorch script; it prints PyTorch's numbers.
 *
 *     deno run examples/transformer_reverse.ts [--device cpu|webgpu]
 *
 * @module
 */

import * as torch from "../mod.ts";
import { functional as F, nn, optim } from "../mod.ts";

const at = Deno.args.indexOf("--device");
if (at >= 0) torch.setDefaultDevice(Deno.args[at + 1] as torch.DeviceName);

const PAD = 0, BOS = 1, EOS = 2, V = 10, D = 32, L = 8;

class Reverser extends nn.Module {
  embed = new nn.Embedding(V, D, { paddingIdx: PAD });
  place = new nn.Parameter(torch.randn([L, D]).mul(0.1));
  transformer = new nn.Transformer(D, 4, {
    numEncoderLayers: 1,
    numDecoderLayers: 1,
    dimFeedforward: 64,
    dropout: 0.1,
    batchFirst: true,
    normFirst: true,
  });
  out = new nn.Linear(D, V);

  override forward(source: torch.Tensor, target: torch.Tensor): torch.Tensor {
    const hidden = source.eq(PAD);
    const causal = nn.Transformer.generateSquareSubsequentMask(target.size(1));
    source = this.embed(source).add(this.place.at(`:${source.size(1)}`));
    target = this.embed(target).add(this.place.at(`:${target.size(1)}`));
    const masks = { tgtMask: causal, srcKeyPaddingMask: hidden, memoryKeyPaddingMask: hidden };
    return this.out(this.transformer(source, target, masks));
  }
}

function sequences(n: number): [source: torch.Tensor, target: torch.Tensor, wanted: torch.Tensor] {
  const sources: number[][] = [], targets: number[][] = [];
  for (let i = 0; i < n; i++) {
    const k = torch.randint(3, L, [1]).item();
    const words = torch.randint(3, V, [k]).tolist() as number[], rest = Array(L - 1 - k).fill(PAD);
    sources.push([...words, ...rest]);
    targets.push([BOS, ...words.reverse(), EOS, ...rest]);
  }
  const source = torch.tensor(sources), target = torch.tensor(targets);
  return [source, target.at(":", ":-1"), target.at(":", "1:")];
}

torch.manualSeed(8);
const data = sequences(160);
const model = new Reverser();
const average = nn.deepcopy(model).requiresGrad_(false);
console.log(`parameters ${model.parameters().reduce((sum, p) => sum + p.numel(), 0)}`);
const optimizer = new optim.AdamW(model.parameters(), { lr: 1e-3, betas: [0.9, 0.98] });
const scheduler = new optim.lrScheduler.OneCycleLR(optimizer, { maxLr: 1e-2, totalSteps: 80, pctStart: 0.25 });
for (let step = 0; step < 80; step++) {
  const i = torch.randint(data[0].size(0), [32]);
  const [source, target, wanted] = data.map((part) => part.at(i)) as typeof data;
  const logits = model(source, target);
  const loss = F.crossEntropy(logits.transpose(1, 2), wanted, { ignoreIndex: PAD, labelSmoothing: 0.05 });
  optimizer.zeroGrad();
  loss.backward();
  const norm = nn.utils.clipGradNorm_(model.parameters(), 1.0);
  optimizer.step();
  scheduler.step();
  torch.noGrad(() => {
    const parameters = model.parameters();
    for (const [i, a] of average.parameters().entries()) a.lerp_(parameters[i]!, 0.1);
  });
  if (step % 10 === 9) {
    const lr = scheduler.getLastLr()[0]!.toFixed(6), momentum = optimizer.paramGroups[0]!.betas[0].toFixed(4);
    console.log(
      `step ${String(step).padStart(2)} lr ${lr} momentum ${momentum} loss ${loss.item().toFixed(5)} ` +
        `norm ${norm.item().toFixed(5)}`,
    );
  }
}

average.eval();
const [source, , wanted] = sequences(4);
torch.noGrad(() => {
  let said = torch.full([4, 1], BOS, { dtype: "int32" });
  for (let k = 0; k < L - 1; k++) {
    said = torch.cat([said, average(source, said).at(":", -1).argmax({ dim: -1, keepdim: true })], { dim: 1 });
  }
  const target = torch.cat([said.at(":", ":1"), wanted.at(":", ":-1")], { dim: 1 });
  const loss = F.crossEntropy(average(source, target).transpose(1, 2), wanted, { ignoreIndex: PAD });
  console.log(`${source}`);
  console.log(`${said.at(":", "1:")}`);
  console.log(`averaged loss ${loss.item().toFixed(5)}`);
});
