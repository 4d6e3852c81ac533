import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { optim, ValueError, zeros } from "../../../mod.ts";
import golden from "../../golden/networks.json" with { type: "json" };

const { lrScheduler } = optim;

function optimizerOfTwo(): optim.SGD {
  const [a, b] = [zeros([1], { requiresGrad: true }), zeros([1], { requiresGrad: true })];
  return new optim.SGD([{ params: [a] }, { params: [b], lr: 0.3 }], { lr: 0.1 });
}

const schedules: Record<string, (optimizer: optim.SGD) => InstanceType<typeof lrScheduler.LRScheduler>> = {
  StepLR: (o) => new lrScheduler.StepLR(o, 3, { gamma: 0.5 }),
  MultiStepLR: (o) => new lrScheduler.MultiStepLR(o, [2, 5, 5], { gamma: 0.5 }),
  ExponentialLR: (o) => new lrScheduler.ExponentialLR(o, 0.9),
  CosineAnnealingLR: (o) => new lrScheduler.CosineAnnealingLR(o, { TMax: 5, etaMin: 0.01 }),
  LambdaLR: (o) => new lrScheduler.LambdaLR(o, [(epoch) => 0.9 ** epoch, (epoch) => 1 / (epoch + 1)]),
  LinearLR: (o) => new lrScheduler.LinearLR(o, { startFactor: 0.25, totalIters: 6 }),
};

for (const [name, expected] of Object.entries(golden.schedules)) {
  Deno.test(`${name} gives PyTorch's learning rates`, () => {
    const optimizer = optimizerOfTwo();
    const schedule = schedules[name]!(optimizer);
    expected.forEach((rates, epoch) => {
      if (epoch > 0) schedule.step();
      const groups = optimizer.paramGroups.map((group) => group.lr);
      assertEquals(schedule.getLastLr(), groups);
      rates.forEach((rate, i) => assertAlmostEquals(groups[i]!, rate, 1e-15));
    });
  });

  Deno.test(`${name} goes on from a saved state`, () => {
    const [first, second] = [optimizerOfTwo(), optimizerOfTwo()];
    const a = schedules[name]!(first), b = schedules[name]!(second);
    for (let i = 0; i < 4; i++) a.step();
    second.loadStateDict(first.stateDict());
    b.loadStateDict(a.stateDict());
    a.step();
    b.step();
    assertEquals(b.getLastLr(), a.getLastLr());
  });
}

const names: Record<string, string> = { min_lr: "minLr", threshold_mode: "thresholdMode" };

golden.plateaus.forEach(({ metrics, options, rates }, i) => {
  Deno.test(`ReduceLROnPlateau follows measures as PyTorch does (${i})`, () => {
    const optimizer = new optim.SGD([zeros([1], { requiresGrad: true })], { lr: 0.1 });
    const entries = Object.entries(options).map(([key, value]) => [names[key] ?? key, value]);
    const schedule = new lrScheduler.ReduceLROnPlateau(optimizer, Object.fromEntries(entries));
    metrics.forEach((metric, step) => {
      schedule.step(metric);
      assertAlmostEquals(optimizer.paramGroups[0]!.lr, rates[step]!, 1e-15);
    });
    assertEquals(schedule.getLastLr(), [optimizer.paramGroups[0]!.lr]);
  });
});

Deno.test("schedules refuse what makes no sense", () => {
  const optimizer = optimizerOfTwo();
  assertThrows(() => new lrScheduler.LambdaLR(optimizer, [() => 1]), ValueError, "2 groups by 1");
  assertThrows(() => new lrScheduler.LinearLR(optimizer, { startFactor: 0 }), ValueError, "factor 0");
  assertThrows(() => new lrScheduler.ReduceLROnPlateau(optimizer, { factor: 1 }), ValueError, "factor 1");
  assertThrows(() => new lrScheduler.ExponentialLR(optimizer, {}), ValueError, "without gamma");
  const fresh = optimizerOfTwo();
  assertThrows(() => new lrScheduler.ExponentialLR(fresh, { gamma: 0.9, lastEpoch: 3 }), ValueError, "initialLr");
});
