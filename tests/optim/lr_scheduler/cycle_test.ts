import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { optim, ValueError, zeros } from "../../../mod.ts";
import golden from "../../golden/schedules.json" with { type: "json" };

const {
  ChainedScheduler,
  ConstantLR,
  CosineAnnealingLR,
  CosineAnnealingWarmRestarts,
  CyclicLR,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  MultiStepLR,
  OneCycleLR,
  PolynomialLR,
  ReduceLROnPlateau,
  SequentialLR,
  StepLR,
} = optim.lrScheduler;

type Schedule = InstanceType<typeof optim.lrScheduler.LRScheduler>;

const parameter = () => zeros([1], { requiresGrad: true });

function sgd(): optim.SGD {
  return new optim.SGD([{ params: [parameter()] }, { params: [parameter()], lr: 0.3 }], { lr: 0.1, momentum: 0.9 });
}

function adam(): optim.Adam {
  return new optim.Adam([{ params: [parameter()] }, { params: [parameter()], lr: 0.3, betas: [0.8, 0.99] }], {
    lr: 0.1,
  });
}

const schedules: Record<string, (o: optim.SGD) => Schedule> = {
  "CosineAnnealingWarmRestarts": (o) => new CosineAnnealingWarmRestarts(o, 3, { TMult: 2, etaMin: 0.01 }),
  "CosineAnnealingWarmRestarts without growth": (o) => new CosineAnnealingWarmRestarts(o, { T0: 4 }),
  "CyclicLR": (o) => new CyclicLR(o, 0.01, 0.1, { stepSizeUp: 3 }),
  "CyclicLR triangular2": (o) =>
    new CyclicLR(o, {
      baseLr: [0.01, 0.02],
      maxLr: [0.1, 0.3],
      stepSizeUp: 3,
      stepSizeDown: 2,
      mode: "triangular2",
      baseMomentum: 0.7,
      maxMomentum: 0.95,
    }),
  "CyclicLR exp_range": (o) =>
    new CyclicLR(o, 0.01, 0.1, { stepSizeUp: 3, mode: "exp_range", gamma: 0.9, cycleMomentum: false }),
  "CyclicLR scaleFn": (o) => new CyclicLR(o, 0.01, 0.1, { stepSizeUp: 3, scaleFn: (x) => 1 / x }),
  "OneCycleLR": (o) => new OneCycleLR(o, 0.5, { totalSteps: 12 }),
  "OneCycleLR three phases": (o) =>
    new OneCycleLR(o, {
      maxLr: [0.5, 0.2],
      epochs: 3,
      stepsPerEpoch: 4,
      pctStart: 0.4,
      annealStrategy: "linear",
      divFactor: 10,
      finalDivFactor: 100,
      threePhase: true,
      baseMomentum: [0.8, 0.7],
      maxMomentum: 0.9,
    }),
  "SequentialLR": (o) =>
    new SequentialLR(o, [
      new LinearLR(o, { startFactor: 0.25, totalIters: 3 }),
      new CosineAnnealingLR(o, 4, { etaMin: 0.01 }),
      new StepLR(o, 2, { gamma: 0.5 }),
    ], [3, 8]),
  "SequentialLR of factors": (o) =>
    new SequentialLR(o, [
      new ConstantLR(o, { factor: 0.1, totalIters: 2 }),
      new ExponentialLR(o, 0.9),
      new PolynomialLR(o, { totalIters: 3, power: 2 }),
      new MultiStepLR(o, [1, 2]),
    ], { milestones: [2, 5, 9] }),
  "ChainedScheduler": (o) =>
    new ChainedScheduler([new ConstantLR(o, { factor: 0.1, totalIters: 2 }), new ExponentialLR(o, 0.9)]),
  "SequentialLR that begins with OneCycleLR": (o) =>
    new SequentialLR(o, [new OneCycleLR(o, 0.5, { totalSteps: 5 }), new LambdaLR(o, (epoch) => 0.5 ** epoch)], [5]),
};

function near(actual: readonly number[], expected: readonly number[]): void {
  assertEquals(actual.length, expected.length);
  expected.forEach((value, i) => assertAlmostEquals(actual[i]!, value, 1e-13));
}

const ratesOf = (o: { readonly paramGroups: readonly { lr: number }[] }) => o.paramGroups.map(({ lr }) => lr);

for (const [name, { rates, momenta }] of Object.entries(golden.curves)) {
  Deno.test(`${name} gives PyTorch's rates and momenta`, () => {
    const optimizer = sgd(), schedule = schedules[name]!(optimizer);
    rates.forEach((expected, epoch) => {
      if (epoch > 0) schedule.step();
      near(ratesOf(optimizer), expected);
      near(schedule.getLastLr(), expected);
      near(optimizer.paramGroups.map(({ momentum }) => momentum), momenta[epoch]!);
      if (!name.startsWith("SequentialLR of")) assertEquals(schedule.lastEpoch, epoch);
    });
  });

  Deno.test(`${name} goes on from a saved state`, () => {
    const first = sgd(), second = sgd(), a = schedules[name]!(first), b = schedules[name]!(second);
    for (let i = 0; i < 4; i++) a.step();
    const saved = JSON.parse(JSON.stringify(a.stateDict()));
    second.loadStateDict(first.stateDict());
    b.loadStateDict(saved);
    for (let epoch = 5; epoch < rates.length; epoch++) {
      b.step();
      near(b.getLastLr(), rates[epoch]!);
      near(second.paramGroups.map(({ momentum }) => momentum), momenta[epoch]!);
    }
  });
}

Deno.test("OneCycleLR cycles the first beta of Adam", () => {
  const optimizer = adam(), schedule = new OneCycleLR(optimizer, 0.5, { totalSteps: 12 });
  golden.adam.rates.forEach((expected, epoch) => {
    if (epoch > 0) schedule.step();
    near(ratesOf(optimizer), expected);
    near(optimizer.paramGroups.map(({ betas }) => betas[0]), golden.adam.momenta[epoch]!);
  });
  assertEquals(optimizer.paramGroups.map(({ betas }) => betas[1]), [0.999, 0.99]);
  const cyclic = adam();
  new CyclicLR(cyclic, 0.01, 0.1, { stepSizeUp: 2 }).step();
  near(cyclic.paramGroups.map(({ betas }) => betas[0]), [0.85, 0.85]);
});

const jumps: Record<string, (o: optim.SGD) => Schedule> = {
  StepLR: (o) => new StepLR(o, 3, { gamma: 0.5 }),
  MultiStepLR: (o) => new MultiStepLR(o, [2, 5, 5], { gamma: 0.5 }),
  ConstantLR: (o) => new ConstantLR(o, { factor: 0.25, totalIters: 4 }),
  LinearLR: (o) => new LinearLR(o, { startFactor: 0.25, totalIters: 6 }),
  ExponentialLR: (o) => new ExponentialLR(o, 0.9),
  PolynomialLR: (o) => new PolynomialLR(o, { totalIters: 8, power: 2 }),
  CosineAnnealingLR: (o) => new CosineAnnealingLR(o, 5, { etaMin: 0.01 }),
  LambdaLR: (o) => new LambdaLR(o, (epoch) => 0.9 ** epoch),
  CosineAnnealingWarmRestarts: schedules["CosineAnnealingWarmRestarts"]!,
};

function assertJumps(schedule: Schedule, epochs: readonly (number | null)[], rates: readonly number[][]): void {
  epochs.forEach((epoch, i) => {
    schedule.step(epoch ?? undefined);
    near(schedule.getLastLr(), rates[i]!);
  });
}

for (const [name, rates] of Object.entries(golden.jumps)) {
  Deno.test(`${name} goes to an epoch as PyTorch does`, () => assertJumps(jumps[name]!(sgd()), golden.epochs, rates));
}

Deno.test("CosineAnnealingWarmRestarts goes to fractions of an epoch", () => {
  for (const [mult, rates] of Object.entries(golden.restarts)) {
    assertJumps(new CosineAnnealingWarmRestarts(sgd(), 3, { TMult: Number(mult) }), golden.fractions, rates);
  }
});

Deno.test("composed schedules nest", () => {
  // Where PyTorch gives up: a chain after a milestone starts from the rates before any schedule.
  const optimizer = new optim.SGD([parameter()], { lr: 1 });
  const chain = () => new ChainedScheduler([new ExponentialLR(optimizer, 0.5), new StepLR(optimizer, 2)]);
  const inner = new SequentialLR(optimizer, [new ConstantLR(optimizer, { factor: 0.5 }), chain()], [1]);
  const schedule = new SequentialLR(optimizer, [inner, chain()], [4]);
  const rates = Array.from({ length: 7 }, () => {
    const [rate] = schedule.getLastLr();
    schedule.step();
    return rate!;
  });
  near(rates, [0.5, 1, 0.5, 0.025, 1, 0.5, 0.025]);
});

Deno.test("a schedule that goes on leaves the rates as they were", () => {
  const optimizer = sgd();
  const schedule = new ExponentialLR(optimizer, 0.5);
  schedule.step();
  const resumed = new ExponentialLR(optimizer, { gamma: 0.5, lastEpoch: 0 });
  near(resumed.getLastLr(), [0.05, 0.15]);
  assertEquals(resumed.lastEpoch, 1);
});

Deno.test("groups that are added later keep their rates, or are scheduled by them", () => {
  const makers: [make: (o: optim.SGD) => Schedule, rate: number][] = [
    [(o) => new LambdaLR(o, () => 0.5), 0.2],
    [(o) => new optim.lrScheduler.MultiplicativeLR(o, () => 0.5), 0.2],
    [(o) => new CyclicLR(o, 0.1, 1, { stepSizeUp: 2 }), 0.2],
    [(o) => new CosineAnnealingWarmRestarts(o, 4), 0.2],
    [(o) => new ExponentialLR(o, 0.5), 0.1],
  ];
  for (const [make, rate] of makers) {
    const optimizer = sgd(), schedule = make(optimizer);
    optimizer.addParamGroup({ params: [parameter()], lr: 0.2 });
    schedule.step();
    assertEquals([optimizer.paramGroups[2]!.lr, optimizer.paramGroups[2]!.momentum], [rate, 0.9]);
    assertEquals(schedule.getLastLr()[2], rate);
  }
  const optimizer = sgd(), schedule = new OneCycleLR(optimizer, 1, { totalSteps: 4 });
  optimizer.addParamGroup({ params: [parameter()] });
  assertThrows(() => schedule.step(), ValueError, "group 2");
});

Deno.test("states have PyTorch's names", () => {
  const names = (schedule: Schedule) => Object.keys(schedule.stateDict());
  const restarts = names(new CosineAnnealingWarmRestarts(sgd(), 3));
  for (
    const name of ["T_0", "T_i", "T_mult", "eta_min", "T_cur", "base_lrs", "last_epoch", "_step_count", "_last_lr"]
  ) {
    assertEquals(restarts.includes(name), true, name);
  }
  assertEquals(names(new CosineAnnealingLR(sgd(), 3)).includes("T_max"), true);
  assertEquals(names(schedules["SequentialLR"]!(sgd())).includes("_schedulers"), true);
});

Deno.test("cycles and compositions refuse what makes no sense", () => {
  const o = sgd(), plain = new optim.Adagrad([parameter()]);
  assertThrows(() => new CosineAnnealingWarmRestarts(o, 0), ValueError, "T0 0");
  assertThrows(() => new CosineAnnealingWarmRestarts(o, 2, { TMult: 1.5 }), ValueError, "TMult 1.5");
  assertThrows(() => new CosineAnnealingWarmRestarts(o, 2).step(-1), ValueError, "epoch -1");
  assertThrows(() => new CyclicLR(o, [0.1], 1), ValueError, "1 values of baseLr for 2 groups");
  assertThrows(() => new CyclicLR(o, 0.1, 1, { mode: "square" as "triangular" }), ValueError, '"square"');
  assertThrows(() => new CyclicLR(plain, 0.1, 1), ValueError, "cycleMomentum: false");
  assertThrows(() => new OneCycleLR(plain, 1, { totalSteps: 3 }), ValueError, "cycleMomentum: false");
  assertThrows(() => new OneCycleLR(o, 1), ValueError, "totalSteps");
  assertThrows(() => new OneCycleLR(o, 1, { epochs: 3 }), ValueError, "stepsPerEpoch");
  assertThrows(() => new OneCycleLR(o, 1, { totalSteps: 0 }), ValueError, "totalSteps 0");
  assertThrows(() => new OneCycleLR(o, 1, { totalSteps: 3, pctStart: 1.5 }), ValueError, "1.5");
  const cycle = new OneCycleLR(o, 1, { totalSteps: 2 });
  cycle.step();
  cycle.step();
  assertThrows(() => cycle.step(), ValueError, "step 3 of a schedule of 2");
  const [a, b] = [new ExponentialLR(o, 0.9), new ExponentialLR(sgd(), 0.9)];
  assertThrows(() => new ChainedScheduler([]), ValueError, "at least one");
  assertThrows(() => new ChainedScheduler([a, b]), ValueError, "item 1");
  assertThrows(() => new SequentialLR(o, [a], [3]), ValueError, "1 schedules with 1 milestones");
  const plateau = new ReduceLROnPlateau(o) as unknown as Schedule;
  assertThrows(() => new SequentialLR(o, [a, plateau], [3]), ValueError, "ReduceLROnPlateau");
  assertThrows(() => new StepLR(o, 0), ValueError, "stepSize 0");
  assertThrows(() => new CosineAnnealingLR(o, 0), ValueError, "TMax 0");
  assertThrows(() => new CyclicLR(o, 0.1, 1, { stepSizeUp: 0 }), ValueError, "stepSizeUp 0");
  assertThrows(() => new StepLR({} as optim.SGD, 1), ValueError, "optimizer");
  assertThrows(() => new CyclicLR([parameter()] as unknown as optim.SGD, 1, 2), ValueError, "optimizer");
  assertThrows(() => new ReduceLROnPlateau(o, "least" as "min"), ValueError, '"least"');
});
