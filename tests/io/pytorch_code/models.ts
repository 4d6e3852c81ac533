/**
 * Models that are handed over to PyTorch in tests, each with a batch to train on.
 *
 * @module
 */

import { arange, functional as F, nn, optim, randint, randn, type Tensor } from "../../../mod.ts";

/** A model in the middle of its training. */
export interface Case {
  readonly model: nn.Module;
  readonly inputs: readonly Tensor[];
  readonly target: Tensor;
  readonly loss: nn.Module & ((output: Tensor, target: Tensor) => Tensor);
  readonly optimizer: optim.Optimizer<optim.OptimizerOptions>;
  readonly scheduler?: optim.lrScheduler.LRScheduler | optim.lrScheduler.ReduceLROnPlateau;
}

class SequenceClassifier extends nn.Module {
  embedding = new nn.Embedding(11, 6, { paddingIdx: 0 });
  lstm = new nn.LSTM(6, 5, { batchFirst: true, numLayers: 2, bidirectional: true });
  head = new nn.Linear(10, 3);
  override forward(tokens: Tensor): Tensor {
    const [output] = this.lstm(this.embedding(tokens));
    return this.head((output as Tensor).at(":", -1));
  }
}

class EncoderClassifier extends nn.Module {
  encoder = new nn.TransformerEncoder(
    new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16, dropout: 0, batchFirst: true, activation: "gelu" }),
    2,
    new nn.LayerNorm(8),
  );
  position = new nn.Parameter(randn([1, 5, 8]));
  head = new nn.Linear(8, 3);
  override forward(x: Tensor): Tensor {
    return this.head(this.encoder(x.add(this.position)).mean(1));
  }
}

class TiedLanguageModel extends nn.Module {
  embedding = new nn.Embedding(9, 8);
  position = new nn.Embedding(12, 8);
  norm = new nn.LayerNorm(8);
  head = new nn.Linear(8, 9, { bias: false });
  constructor() {
    super();
    this.head.weight = this.embedding.weight;
    this.position.weight.requiresGrad = false;
  }
  override forward(tokens: Tensor): Tensor {
    const x = this.norm(this.embedding(tokens).add(this.position(arange(tokens.size(1)))));
    return this.head(F.gelu(x)).view(tokens.size(0) * tokens.size(1), 9);
  }
}

class Residual extends nn.Module {
  first: nn.Linear;
  second: nn.Linear;
  scale = new nn.Parameter(randn([1]));
  offset!: Tensor;
  constructor(size: number) {
    super();
    this.first = new nn.Linear(size, 2 * size);
    this.second = new nn.Linear(2 * size, size);
    this.registerBuffer("offset", randn([size]), { persistent: false });
  }
  override forward(x: Tensor): Tensor {
    const h = F.dropout(F.silu(this.first(x)), 0, { training: this.training });
    return F.softmax(this.second(h), -1).mul(this.scale).add(x).add(this.offset);
  }
}

/** The cases by name. */
export function cases(): Record<string, Case> {
  const classes = (n: number, count = 4) => randint(0, n, [count]);
  const made = (
    model: nn.Module,
    inputs: readonly Tensor[],
    target: Tensor,
    loss: nn.Module,
    optimizer: (params: nn.Parameter[]) => optim.Optimizer<optim.OptimizerOptions>,
  ): Case => ({ model, inputs, target, loss: loss as Case["loss"], optimizer: optimizer(model.parameters()) });
  const twice = new Residual(4);
  const anyOptimizer = (x: unknown) => x as optim.Optimizer<optim.OptimizerOptions>;
  const mlp = new nn.Sequential(new nn.Linear(5, 8), new nn.Tanh(), new nn.Linear(8, 3));
  const sgd = new optim.SGD([
    { params: [(mlp.at(0) as nn.Linear).weight, (mlp.at(0) as nn.Linear).bias!] },
    { params: (mlp.at(2) as nn.Module).parameters(), lr: 0.01, weightDecay: 0.1 },
  ], { lr: 0.1, momentum: 0.9, nesterov: true });
  return {
    mlp: {
      model: mlp,
      inputs: [randn([4, 5])],
      target: classes(3),
      loss: new nn.CrossEntropyLoss({ labelSmoothing: 0.1 }) as Case["loss"],
      optimizer: anyOptimizer(sgd),
      scheduler: new optim.lrScheduler.StepLR(sgd, 2, { gamma: 0.5 }),
    },
    cnn: made(
      new nn.Sequential(
        new nn.Conv2d(1, 4, 3, { padding: 1, bias: false }),
        new nn.BatchNorm2d(4),
        new nn.ReLU(),
        new nn.MaxPool2d(2),
        new nn.Flatten(),
        nn.utils.weightNorm(new nn.Linear(36, 3)),
      ),
      [randn([4, 1, 6, 6])],
      classes(3),
      new nn.CrossEntropyLoss(),
      (p) => anyOptimizer(new optim.Adam(p, { lr: 0.01, amsgrad: true })),
    ),
    lstm: made(
      new SequenceClassifier(),
      [randint(0, 11, [4, 6])],
      classes(3),
      new nn.CrossEntropyLoss(),
      (p) => anyOptimizer(new optim.AdamW(p, { lr: 0.01 })),
    ),
    encoder: made(
      new EncoderClassifier(),
      [randn([4, 5, 8])],
      classes(3),
      new nn.CrossEntropyLoss(),
      // Not one that divides by the gradient's size: that of the keys' bias is 0 but for rounding.
      (p) => anyOptimizer(new optim.SGD(p, { lr: 0.05, momentum: 0.9, dampening: 0.1 })),
    ),
    tied: made(
      new TiedLanguageModel(),
      [randint(0, 9, [2, 4])],
      classes(9, 8),
      new nn.CrossEntropyLoss(),
      (p) => anyOptimizer(new optim.SGD(p, { lr: 0.1, momentum: 0.9 })),
    ),
    residual: made(
      new nn.Sequential(twice, new Residual(4), twice, new nn.Linear(4, 2), new Residual(2)),
      [randn([3, 4])],
      randn([3, 2]),
      new nn.MSELoss(),
      (p) => anyOptimizer(new optim.AdamW(p, { lr: 0.01, weightDecay: 0 })),
    ),
  };
}

/** A small model with each optimizer, and with each schedule, by name. */
export function optimizers(): Record<string, Case> {
  const { lrScheduler: schedules } = optim, inputs = [randn([4, 3])], target = randn([4, 2]);
  const made = (
    make: (params: nn.Parameter[]) => unknown,
    schedule?: (optimizer: optim.SGD) => Case["scheduler"],
  ): Case => {
    const model = new nn.Linear(3, 2),
      optimizer = make(model.parameters()),
      scheduler = schedule?.(optimizer as optim.SGD);
    return {
      ...{ model, inputs, target, loss: new nn.MSELoss() as Case["loss"], optimizer: optimizer as Case["optimizer"] },
      ...(scheduler && { scheduler }),
    };
  };
  const each: Record<string, (params: nn.Parameter[]) => unknown> = {
    adadelta: (p) => new optim.Adadelta(p, { lr: 0.5, rho: 0.8, weightDecay: 0.1 }),
    adagrad: (p) => new optim.Adagrad(p, { lr: 0.1, lrDecay: 0.1, initialAccumulatorValue: 0.5 }),
    adam: (p) => new optim.Adam(p, { lr: 0.1, betas: [0.8, 0.9], weightDecay: 0.1, maximize: true }),
    adamax: (p) => new optim.Adamax(p, { lr: 0.1 }),
    asgd: (p) => new optim.ASGD(p, { lr: 0.1, t0: 2 }),
    nadam: (p) => new optim.NAdam(p, { lr: 0.1, momentumDecay: 0.01 }),
    radam: (p) => new optim.RAdam(p, { lr: 0.1, betas: [0.5, 0.6] }),
    rmsprop: (p) => new optim.RMSprop(p, { lr: 0.01, centered: true, momentum: 0.5 }),
    rprop: (p) => new optim.Rprop(p, { lr: 0.1, etas: [0.4, 1.3] }),
  };
  const sgd = (p: nn.Parameter[]) => new optim.SGD(p, { lr: 0.1, momentum: 0.9 });
  const schedulers: Record<string, (optimizer: optim.SGD) => Case["scheduler"]> = {
    multi_step: (o) => new schedules.MultiStepLR(o, [1, 3], { gamma: 0.5 }),
    constant: (o) => new schedules.ConstantLR(o, { factor: 0.5, totalIters: 3 }),
    linear: (o) => new schedules.LinearLR(o, { startFactor: 0.25, totalIters: 6 }),
    polynomial: (o) => new schedules.PolynomialLR(o, { totalIters: 6, power: 2 }),
    cosine: (o) => new schedules.CosineAnnealingLR(o, { TMax: 6, etaMin: 0.01 }),
    restarts: (o) => new schedules.CosineAnnealingWarmRestarts(o, { T0: 3, TMult: 2 }),
    plateau: (o) => new schedules.ReduceLROnPlateau(o, { patience: 0, threshold: 10, factor: 0.5 }),
    one_cycle: (o) => new schedules.OneCycleLR(o, { maxLr: 0.5, totalSteps: 8, threePhase: true }),
    cyclic: (o) => new schedules.CyclicLR(o, 0.01, 0.2, { stepSizeUp: 3, mode: "triangular2" }),
    sequential: (o) =>
      new schedules.SequentialLR(o, [
        new schedules.ConstantLR(o, { totalIters: 2 }),
        new schedules.ExponentialLR(o, 0.5),
      ], [3]),
    chained: (o) =>
      new schedules.ChainedScheduler([
        new schedules.ConstantLR(o, { totalIters: 3 }),
        new schedules.ExponentialLR(o, 0.5),
      ]),
  };
  return Object.fromEntries([
    ...Object.entries(each).map(([name, make]) => [`optimizer_${name}`, made(make)] as const),
    ...Object.entries(schedulers).map(([name, make]) => [`schedule_${name}`, made(sgd, make)] as const),
  ]);
}
