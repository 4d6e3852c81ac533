/**
 * A two-layer character transformer written out by hand: AdamW with decay groups, a cosine schedule with warm-up, greedy sampling.
 * A port, line by line, of a PyTorch script; it prints PyTorch's numbers.
 *
 *     deno run examples/gpt_chars.ts [--device cpu|webgpu]
 *
 * @module
 */

import * as torch from "../mod.ts";
import { functional as F, nn, optim } from "../mod.ts";

const at = Deno.args.indexOf("--device");
if (at >= 0) torch.setDefaultDevice(Deno.args[at + 1] as torch.DeviceName);

const text = "the loss is the mean over the batch of minus the log of the probability of the right class; ".repeat(12);
const chars = [...new Set(text)].sort();
const stoi = new Map(chars.map((c, i) => [c, i]));
const data = torch.tensor([...text].map((c) => stoi.get(c)!), { dtype: "int32" });
const V = chars.length, T = 32, D = 48, H = 4;

class Block extends nn.Module {
  ln1 = new nn.LayerNorm(D);
  ln2 = new nn.LayerNorm(D);
  qkv = new nn.Linear(D, 3 * D, { bias: false });
  proj = new nn.Linear(D, D);
  mlp = new nn.Sequential(new nn.Linear(D, 4 * D), new nn.GELU(), new nn.Linear(4 * D, D));
  declare mask: torch.Tensor;

  constructor() {
    super();
    this.registerBuffer("mask", torch.tril(torch.ones([T, T])).view(1, 1, T, T));
  }

  override forward(x: torch.Tensor): torch.Tensor {
    const B = x.size(0), L = x.size(1);
    const [q, k, v] = this.qkv(this.ln1(x)).split(D, { dim: 2 }).map((z) => z.view(B, L, H, D / H).transpose(1, 2));
    let att = q!.matmul(k!.transpose(-2, -1)).div(Math.sqrt(D / H));
    att = att.maskedFill(this.mask.at(":", ":", `:${L}`, `:${L}`).eq(0), -Infinity).softmax({ dim: -1 });
    x = x.add(this.proj(att.matmul(v!).transpose(1, 2).contiguous().view(B, L, D)));
    return x.add(this.mlp(this.ln2(x)));
  }
}

class GPT extends nn.Module {
  tok = new nn.Embedding(V, D);
  pos = new nn.Embedding(T, D);
  blocks = new nn.ModuleList([new Block(), new Block()]);
  ln = new nn.LayerNorm(D);
  head = new nn.Linear(D, V, { bias: false });

  constructor() {
    super();
    this.head.weight = this.tok.weight;
    this.apply(this.init);
  }

  init(m: nn.Module): void {
    if (m instanceof nn.Linear || m instanceof nn.Embedding) nn.init.normal_(m.weight, 0, 0.05);
  }

  override forward(idx: torch.Tensor, targets?: torch.Tensor): [logits: torch.Tensor, loss: torch.Tensor | null] {
    let x = this.tok(idx).add(this.pos(torch.arange(idx.size(1))));
    for (const b of this.blocks) x = b(x);
    const logits = this.head(this.ln(x));
    return [logits, targets === undefined ? null : F.crossEntropy(logits.view(-1, V), targets.view(-1))];
  }
}

torch.manualSeed(1337);
const model = new GPT();
const decay = model.parameters().filter((p) => p.dim() >= 2);
const rest = model.parameters().filter((p) => p.dim() < 2);
const opt = new optim.AdamW([{ params: decay, weightDecay: 0.1 }, { params: rest, weightDecay: 0.0 }], { lr: 3e-3 });
const sched = new optim.lrScheduler.LambdaLR(
  opt,
  (s) => Math.min((s + 1) / 10, 0.5 * (1 + Math.cos(Math.PI * s / 80))),
);
for (let step = 0; step < 80; step++) {
  const i = torch.randint(data.size(0) - T - 1, [12]).tolist() as number[];
  const x = torch.stack(i.map((j) => data.at(torch.slice(j, j + T))));
  const y = torch.stack(i.map((j) => data.at(torch.slice(j + 1, j + T + 1))));
  const [, loss] = model(x, y);
  opt.zeroGrad({ setToNone: true });
  loss!.backward();
  nn.utils.clipGradNorm_(model.parameters(), 1.0);
  opt.step();
  sched.step();
  if (step % 8 === 7) {
    const lr = sched.getLastLr()[0]!.toFixed(6);
    console.log(`step ${String(step).padStart(2)} lr ${lr} loss ${loss!.item().toFixed(5)}`);
  }
}
model.eval();
let idx = torch.tensor([[..."the loss"].map((c) => stoi.get(c)!)]);
torch.noGrad(() => {
  for (let k = 0; k < 40; k++) {
    const [logits] = model(idx.at(":", torch.slice(-T)));
    idx = torch.cat([idx, logits.at(":", -1).argmax({ dim: -1, keepdim: true })], { dim: 1 });
  }
});
console.log((idx.at(0).tolist() as number[]).map((i) => chars[i]).join(""));
