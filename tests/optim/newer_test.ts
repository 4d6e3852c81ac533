import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type DeviceName, nn, optim, ShapeError, TensaurError, type Tensor, tensor, ValueError } from "../../mod.ts";
import { devices } from "../devices.ts";
import golden from "../golden/newer_optimizers.json" with { type: "json" };

type Make = (params: Tensor[], options: Record<string, unknown>) => AnyOptimizer;
type AnyOptimizer = Pick<optim.Optimizer, "zeroGrad" | "step" | "paramGroups" | "stateDict" | "loadStateDict">;

const makers: Record<string, Make> = {
  Adafactor: (p, options) => new optim.Adafactor(p, options),
  Muon: (p, options) => new optim.Muon(p, options),
  NAdam: (p, options) => new optim.NAdam(p, options),
  RAdam: (p, options) => new optim.RAdam(p, options),
  Adam: (p, options) => new optim.Adam(p, options),
};

/** PyTorch's name in camelCase. */
const scriptName = (name: string) => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

function step(w: Tensor, optimizer: AnyOptimizer): void {
  optimizer.zeroGrad();
  w.square().add(w.mul(3).sin()).sum().backward();
  optimizer.step();
}

function assertSteps(
  { name, start, options, steps }: typeof golden[number],
  like: { dtype: "float32" | "float64"; device: DeviceName },
  tolerance: number,
): void {
  const w = tensor(start as number[], { requiresGrad: true, ...like });
  const entries = Object.entries(options).map(([key, value]) => [scriptName(key), value]);
  const optimizer = makers[name]!([w], Object.fromEntries(entries));
  const schedule = new optim.lrScheduler.StepLR(optimizer, 3, { gamma: 0.5 });
  for (const expected of steps) {
    step(w, optimizer);
    schedule.step();
    w.dataSync().forEach((x, i) =>
      assertAlmostEquals(x, expected[i]!, tolerance * Math.max(1, Math.abs(expected[i]!)))
    );
  }
}

for (const entry of golden) {
  const title = `${entry.name} follows its formula with ${JSON.stringify(entry.options)}`;
  Deno.test(`${title} (float64)`, () => {
    // The precision of the dtype is the least mean square.
    assertSteps(entry, { dtype: "float64", device: "cpu" }, 1e-9);
  });
  for (const device of devices) {
    Deno.test(`${title} (${device})`, () => assertSteps(entry, { dtype: "float32", device }, 3e-5));
  }
}

const matrix = () => tensor([[1, -2, 0.5], [3, 0.25, -1]], { requiresGrad: true });

for (const name of ["Adafactor", "Muon"]) {
  Deno.test(`${name} goes on from a saved state`, () => {
    const a = matrix(), b = matrix(), first = makers[name]!([a], { lr: 0.1 }), second = makers[name]!([b], {});
    for (let i = 0; i < 3; i++) step(a, first);
    b.detach().copy_(a.detach());
    second.loadStateDict(first.stateDict());
    for (let i = 0; i < 2; i++) step(a, first), step(b, second);
    assertEquals(b.tolist(), a.tolist());
    const other = makers[name]!([tensor([[1, 2]], { requiresGrad: true })], {});
    assertThrows(() => other.loadStateDict(first.stateDict()), ShapeError, "parameter 0 has shape [2, ");
  });
}

Deno.test("AdamW stays decoupled when it goes on from Adam", () => {
  const w = matrix(), adam = new optim.Adam([matrix()], { lr: 0.5, weightDecay: 0.1 });
  const optimizer = new optim.AdamW([w]);
  optimizer.loadStateDict(adam.stateDict());
  assertEquals(optimizer.paramGroups[0]!.decoupledWeightDecay, true);
  w.grad = w.detach().mul(0);
  optimizer.step();
  assertAlmostEquals(w.at(0, 0).item() as number, 0.95, 1e-6);
});

Deno.test("newer optimizers refuse what makes no sense", () => {
  const { Adafactor, Muon, SparseAdam } = optim;
  assertThrows(() => new Adafactor([matrix()], { d: 0.5 }), ValueError, "d 0.5");
  assertThrows(() => new Adafactor([matrix()], { beta2Decay: 0.1 }), ValueError, "beta2Decay 0.1");
  assertThrows(() => new Adafactor([matrix()], { eps: [-1, 1] }), ValueError, "eps[0]");
  assertThrows(() => new Muon(new nn.Linear(2, 3).parameters()), ShapeError, "[3]");
  assertThrows(() => new Muon([matrix()], { nsSteps: 100 }), ValueError, "nsSteps 100");
  assertThrows(() => new Muon([matrix()], { adjustLrFn: "half" as "original" }), ValueError, '"half"');
  assertThrows(() => new Muon([matrix()], { lr: -1 }), ValueError, "lr -1");
  assertThrows(() => new SparseAdam([matrix()]), TensaurError, "Use Adam");
});
