import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as torch from "../../mod.ts";
import { optim, type Tensor, ValueError } from "../../mod.ts";
import golden from "../golden/optimizers.json" with { type: "json" };
import { testOnDevices } from "../tensor/expect.ts";

/** PyTorch's name in camelCase. */
const scriptName = (name: string) => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

type Make = (params: Tensor[], options?: Record<string, unknown>) => Pick<
  optim.Optimizer,
  "paramGroups" | "zeroGrad" | "step" | "stateDict" | "loadStateDict"
>;

const makers: Record<string, Make> = {
  RMSprop: (p, options) => new optim.RMSprop(p, options),
  Adagrad: (p, options) => new optim.Adagrad(p, options),
  Adadelta: (p, options) => new optim.Adadelta(p, options),
  Adamax: (p, options) => new optim.Adamax(p, options),
  NAdam: (p, options) => new optim.NAdam(p, options),
  RAdam: (p, options) => new optim.RAdam(p, options),
  Rprop: (p, options) => new optim.Rprop(p, options),
  ASGD: (p, options) => new optim.ASGD(p, options),
};

const float = { dtype: "float32" } as const;
const start = () => torch.tensor([1, -2, 0.5, 3], { requiresGrad: true });

function step(w: Tensor, optimizer: ReturnType<Make>): void {
  const target = torch.tensor([0.5, 0.5, -1, 2], float), scale = torch.tensor([1, 0.1, 3, 0.5], float);
  optimizer.zeroGrad();
  w.sub(target).square().mul(scale).sum().backward();
  optimizer.step();
}

for (const { name, options, steps, state } of golden) {
  testOnDevices(`${name} takes PyTorch's steps under a schedule with ${JSON.stringify(options)}`, () => {
    const w = start();
    const optimizer = makers[name]!(
      [w],
      Object.fromEntries(Object.entries(options).map(([k, v]) => [scriptName(k), v])),
    );
    const schedule = new optim.lrScheduler.ExponentialLR(optimizer, 0.9);
    for (const expected of steps) {
      step(w, optimizer);
      schedule.step();
      w.dataSync().forEach((x, i) => assertAlmostEquals(x, expected[i]!, 2e-5 * Math.max(1, Math.abs(expected[i]!))));
    }
    assertEquals(Object.keys(optimizer.stateDict().state[0]!).sort(), state);
  });
}

for (const [name, make] of Object.entries(makers)) {
  Deno.test(`${name} goes on from a saved state and refuses a negative learning rate`, () => {
    const a = start(), b = start(), first = make([a]), second = make([b]);
    for (let i = 0; i < 3; i++) step(a, first);
    torch.noGrad(() => b.copy_(a));
    second.loadStateDict(first.stateDict());
    for (let i = 0; i < 3; i++) step(a, first), step(b, second);
    assertEquals(b.tolist(), a.tolist());
    assert(a.isLeaf && a.requiresGrad);
    assertThrows(() => make([start()], { lr: -1 }), ValueError);
  });
}

Deno.test("NAdam's first step follows the documented formula", () => {
  const w = torch.tensor([1], { dtype: "float32", requiresGrad: true });
  const optimizer = new optim.NAdam([w], { lr: 0.1 });
  w.sum().backward();
  optimizer.step();
  const mu = (t: number) => 0.9 * (1 - 0.96 ** (t * 0.004) / 2);
  assertAlmostEquals(w.item() as number, 1 - 0.1 * (1 + mu(2) * 0.1 / (1 - mu(1) * mu(2))), 1e-6);
});

Deno.test("ConstantLR, PolynomialLR and MultiplicativeLR give the rates of their formulas", () => {
  const rates = (make: (optimizer: optim.SGD) => InstanceType<typeof optim.lrScheduler.LRScheduler>) => {
    const schedule = make(new optim.SGD([start()], { lr: 0.5 }));
    return Array.from({ length: 5 }, () => {
      const rate = schedule.getLastLr()[0]!;
      schedule.step();
      return rate;
    });
  };
  const { ConstantLR, MultiplicativeLR, PolynomialLR } = optim.lrScheduler;
  assertEquals(rates((o) => new ConstantLR(o, { factor: 0.5, totalIters: 2 })), [0.25, 0.25, 0.5, 0.5, 0.5]);
  assertEquals(rates((o) => new MultiplicativeLR(o, (epoch) => epoch < 3 ? 0.5 : 1)), [0.5, 0.25, 0.125, 0.125, 0.125]);
  rates((o) => new PolynomialLR(o, { totalIters: 4, power: 2 })).forEach((rate, epoch) =>
    assertAlmostEquals(rate, 0.5 * (1 - epoch / 4) ** 2, 1e-15)
  );
  assertThrows(() => rates((o) => new ConstantLR(o, { factor: 0 })), ValueError);
});
