/**
 * A word-level language model: a two-layer LSTM whose decoder shares the embedding's weights, gradients accumulated over micro-batches,
 * truncated backpropagation through time, and sampling.
 * A port, line by line, of a PyTorch script; it prints PyTorch's numbers.
 *
 *     deno run examples/lstm_text.ts [--device cpu|webgpu]
 *
 * @module
 */

import * as torch from "../mod.ts";
import { functional as F, nn, optim } from "../mod.ts";

const at = Deno.args.indexOf("--device");
if (at >= 0) torch.setDefaultDevice(Deno.args[at + 1] as torch.DeviceName);

const text =
  "the cat sat on the mat . the dog sat on the log . a cat and a dog met on the road . the road led to the log and the mat . "
    .repeat(16);
const words = text.trim().split(" ");
const vocabulary = [...new Set(words)].sort();
const index = new Map(vocabulary.map((w, i) => [w, i]));
const V = vocabulary.length, E = 24, B = 8, T = 10;
let ids = torch.tensor(words.map((w) => index.get(w)!));
ids = ids.at(`:${Math.floor(ids.size(0) / B) * B}`).view(B, -1).t().contiguous();

type State = [h: torch.Tensor, c: torch.Tensor];

class Model extends nn.Module {
  encoder = new nn.Embedding(V, E);
  rnn = new nn.LSTM(E, E, { numLayers: 2 });
  decoder = new nn.Linear(E, V);

  constructor() {
    super();
    nn.init.uniform_(this.encoder.weight, -0.1, 0.1);
    nn.init.zeros_(this.decoder.bias!);
    this.decoder.weight = this.encoder.weight;
  }

  override forward(x: torch.Tensor, state: State | null): [logits: torch.Tensor, state: State] {
    const [out, next] = this.rnn(this.encoder(x), state);
    return [this.decoder(out), next];
  }
}

torch.manualSeed(11);
const model = new Model();
console.log(`${model}`);
console.log(`vocabulary ${V} parameters ${model.parameters().reduce((sum, p) => sum + p.numel(), 0)}`);
const optimizer = new optim.Adam(model.parameters(), { lr: 3e-2 });
const scheduler = new optim.lrScheduler.ExponentialLR(optimizer, { gamma: 0.95 });
for (let epoch = 0; epoch < 15; epoch++) {
  model.train();
  let state: State = [torch.zeros([2, B, E]), torch.zeros([2, B, E])];
  let total = 0, steps = 0;
  optimizer.zeroGrad();
  for (let start = 0; start < ids.size(0) - 1 - T; start += T) {
    state = state.map((s) => s.detach()) as State;
    const x = ids.at(torch.slice(start, start + T)), y = ids.at(torch.slice(start + 1, start + 1 + T));
    const [logits, next] = model(x, state);
    state = next;
    const loss = F.crossEntropy(logits.reshape(-1, V), y.reshape(-1));
    loss.div(2).backward();
    total += loss.item();
    steps++;
    if (steps % 2 === 0) {
      nn.utils.clipGradNorm_(model.parameters(), 0.5);
      optimizer.step();
      optimizer.zeroGrad();
    }
  }
  scheduler.step();
  const lr = scheduler.getLastLr()[0]!.toFixed(6), perplexity = Math.exp(total / steps).toFixed(4).padStart(8);
  console.log(
    `epoch ${String(epoch).padStart(2)} lr ${lr} loss ${(total / steps).toFixed(5)} perplexity ${perplexity}`,
  );
}

model.eval();
let word = index.get("the")!, state: State | null = null;
const said = ["the"];
torch.noGrad(() => {
  for (let k = 0; k < 12; k++) {
    const [logits, next] = model(torch.tensor([[word]]), state);
    state = next;
    word = torch.multinomial(F.softmax(logits.at(0, 0).div(0.5), { dim: -1 }), 1).item();
    said.push(vocabulary[word]!);
  }
});
console.log(said.join(" "));
console.log(`tied ${model.decoder.weight === model.encoder.weight ? "True" : "False"}`);
