/**
 * A bag-of-words classifier of sentences of different lengths: a dataset, a sampler and a collate function of its own, a random split,
 * EmbeddingBag with weights for each word, Adagrad, and a schedule made of two.
 * A port, line by line, of a PyTorch script; it prints PyTorch's numbers.
 *
 *     deno run examples/bag_of_words.ts [--device cpu|webgpu]
 *
 * @module
 */

import * as torch from "../mod.ts";
import { data, nn, optim } from "../mod.ts";

const at = Deno.args.indexOf("--device");
if (at >= 0) torch.setDefaultDevice(Deno.args[at + 1] as torch.DeviceName);

type Sentence = [words: torch.Tensor, label: number];

/** Sentences of random words; the class is which third of the vocabulary has most of them. */
class Sentences extends data.Dataset<Sentence> {
  readonly samples: Sentence[] = [];

  constructor(count: number, vocabulary: number) {
    super();
    for (let i = 0; i < count; i++) {
      const label = torch.randint(3, [1]).item();
      const length = torch.randint(3, 12, [1]).item();
      const p = torch.ones([vocabulary]);
      const third = Math.floor(vocabulary / 3);
      p.setAt([torch.slice(label * third, (label + 1) * third)], 3);
      this.samples.push([torch.multinomial(p, length, { replacement: true }), label]);
    }
  }

  override get length(): number {
    return this.samples.length;
  }

  override at(i: number): Sentence {
    return this.samples[i]!;
  }
}

/** Batches of sentences of like lengths, the batches in random order. */
class ByLength implements data.Sampler<number[]> {
  readonly order: number[];

  constructor(sentences: data.Dataset<Sentence>, readonly batchSize: number) {
    const lengths = Array.from(sentences, ([words]) => words.size(0));
    this.order = [...lengths.keys()].sort((i, j) => lengths[i]! - lengths[j]!);
  }

  get length(): number {
    return Math.ceil(this.order.length / this.batchSize);
  }

  *[Symbol.iterator](): Iterator<number[]> {
    for (const b of torch.randperm(this.length).tolist() as number[]) {
      yield this.order.slice(b * this.batchSize, (b + 1) * this.batchSize);
    }
  }
}

type Batch = [words: torch.Tensor, offsets: torch.Tensor, weights: torch.Tensor, target: torch.Tensor];

function collate(samples: Sentence[]): Batch {
  const words = torch.cat(samples.map(([words]) => words));
  const offsets = torch.tensor([0, ...samples.slice(0, -1).map(([words]) => words.size(0))]).cumsum(0);
  const weights = torch.cat(samples.map(([words]) => torch.linspace(1, 0.5, words.size(0))));
  return [words, offsets, weights, torch.tensor(samples.map(([, label]) => label))];
}

class Classifier extends nn.Module {
  bag: nn.EmbeddingBag;
  hidden: nn.Sequential;
  out: nn.Linear;

  constructor(vocabulary: number, size: number, classes: number) {
    super();
    this.bag = new nn.EmbeddingBag(vocabulary, size, { mode: "sum" });
    this.hidden = new nn.Sequential(new nn.LayerNorm(size), new nn.Linear(size, 32), new nn.ELU(), new nn.Dropout(0.2));
    this.out = new nn.Linear(32, classes);
  }

  override forward(words: torch.Tensor, offsets: torch.Tensor, weights: torch.Tensor): torch.Tensor {
    return this.out(this.hidden(this.bag(words, offsets, { perSampleWeights: weights })));
  }
}

torch.manualSeed(2024);
const V = 60;
const generator = new torch.Generator().manualSeed(1);
const [train, held] = data.randomSplit(new Sentences(300, V), [240, 60], { generator });
const loader = new data.DataLoader(train, { batchSampler: new ByLength(train, 16), collateFn: collate });
const model = new Classifier(V, 16, 3);
console.log(`${model.hidden}`);
const criterion = new nn.CrossEntropyLoss({ reduction: "sum" });
const optimizer = new optim.Adagrad(model.parameters(), { lr: 0.1, lrDecay: 1e-3, initialAccumulatorValue: 0.1 });
const warm = new optim.lrScheduler.LinearLR(optimizer, { startFactor: 0.25, totalIters: 3 });
const late = new optim.lrScheduler.MultiStepLR(optimizer, [4, 6], { gamma: 0.3 });
const scheduler = new optim.lrScheduler.SequentialLR(optimizer, [warm, late], [3]);
for (let epoch = 0; epoch < 10; epoch++) {
  let total = 0, right = 0;
  const lengths: number[] = [];
  for (const [words, offsets, weights, target] of loader) {
    const logits = model(words, offsets, weights);
    const loss = criterion(logits, target);
    optimizer.zeroGrad();
    loss.div(target.size(0)).backward();
    optimizer.step();
    total += loss.item();
    right += logits.argmax({ dim: 1 }).eq(target).sum().item();
    lengths.push(words.size(0));
  }
  console.log(
    `epoch ${epoch} lr ${scheduler.getLastLr()[0]!.toFixed(5)} loss ${(total / train.length).toFixed(5)} ` +
      `right ${right}/${train.length} words [${lengths.slice(0, 5).join(", ")}]`,
  );
  scheduler.step();
}
model.eval();
torch.noGrad(() => {
  const [words, offsets, weights, target] = collate([...held]);
  const logits = model(words, offsets, weights);
  const loss = criterion(logits, target).item() / held.length;
  const right = logits.argmax(1).eq(target).sum().item();
  console.log(`held out loss ${loss.toFixed(5)} right ${right}/${held.length}`);
});
