import { assert, assertEquals, assertThrows } from "@std/assert";
import { deviceStats, nn, optim, ShapeError, TensaurError, type Tensor, tensor, ValueError, zeros } from "../../mod.ts";

const parameter = (...shape: number[]) => zeros(shape, { requiresGrad: true });

function stepped<O extends optim.Optimizer>(optimizer: O): O {
  for (const group of optimizer.paramGroups) for (const p of group.params) p.grad = p.detach().add(1);
  optimizer.step();
  return optimizer;
}

Deno.test("a state that does not fit is refused with all that differs", () => {
  const saved = stepped(new optim.Adam([parameter(2, 3), parameter(3)])).stateDict();
  const model = new nn.Linear(4, 3);
  const unnamed = new optim.Adam(model.parameters()), named = new optim.Adam(model.namedParameters());
  const before = named.stateDict();
  const refused = assertThrows(() => unnamed.loadStateDict(saved), ShapeError);
  assertEquals(refused.message.split("\n\t").slice(1), [
    "exp_avg of parameter 0 has shape [2, 3], expected [3, 4]",
    "exp_avg_sq of parameter 0 has shape [2, 3], expected [3, 4]",
  ]);
  assertThrows(() => named.loadStateDict(saved), ShapeError, "parameter 0 (weight)");
  assertEquals(named.stateDict(), before);
  assertThrows(
    () => unnamed.loadStateDict(stepped(new optim.Adam([parameter(2)])).stateDict()),
    TensaurError,
    "groups of 1 parameters",
  );
});

Deno.test("parameters may come with names, all of them or none", () => {
  const model = new nn.Linear(2, 1);
  const optimizer = new optim.SGD(model.namedParameters(), { lr: 0.1 });
  assertEquals(optimizer.paramGroups[0]!.paramNames, ["weight", "bias"]);
  assertEquals(optimizer.stateDict().param_groups[0]!.param_names, ["weight", "bias"]);
  const mixed = [model.namedParameters()[0]!, model.bias!];
  assertThrows(() => new optim.SGD(mixed, { lr: 0.1 }), ValueError, "some have names");
});

Deno.test("a saved state keeps what PyTorch adds to it", () => {
  const optimizer = new optim.Adam([parameter(2)]);
  const average = tensor([1, 2]), step = tensor(3);
  optimizer.loadStateDict({
    state: { 0: { step, exp_avg: average, exp_avg_sq: tensor([3, 4]) } },
    param_groups: [{ lr: 0.5, betas: [0.8, 0.9], foreach: null, params: [0] }],
  });
  const { state, param_groups: [group] } = optimizer.stateDict();
  assertEquals(state[0]!.step, 3);
  assertEquals((state[0]!.exp_avg as typeof average).tolist(), [1, 2]);
  assert(state[0]!.exp_avg !== average);
  assertEquals([group!.lr, group!.betas, group!.foreach, group!.eps], [0.5, [0.8, 0.9], null, 1e-8]);
});

Deno.test("hooks see every step", () => {
  const optimizer = new optim.SGD([parameter(1)], { lr: 1 });
  const seen: string[] = [];
  const before = optimizer.registerStepPreHook((o) => {
    seen.push(`before ${o.paramGroups[0]!.params[0]!.item()}`);
  });
  optimizer.registerStepPostHook((o) => {
    seen.push(`after ${o.paramGroups[0]!.params[0]!.item()}`);
  });
  stepped(optimizer);
  before.remove();
  stepped(optimizer);
  assertEquals(seen, ["before 0", "after -1", "after -1"]);
});

Deno.test("optimizers print as PyTorch's do", () => {
  // print(torch.optim.SGD([{"params": [w]}, {"params": [v], "lr": 1}], lr=0.1)), without its foreach and differentiable
  const optimizer = new optim.SGD([{ params: [parameter(1)] }, { params: [parameter(1)], lr: 1 }], { lr: 0.1 });
  const group = (i: number, lr: string) =>
    `Parameter Group ${i}\n    dampening: 0\n    lr: ${lr}\n    maximize: False\n    momentum: 0\n` +
    "    nesterov: False\n    weight_decay: 0\n";
  assertEquals(`${optimizer}`, `SGD (\n${group(0, "0.1")}\n${group(1, "1")})`);
  assert(
    `${new optim.Adam([parameter(1)])}`.includes(
      "    betas: (0.9, 0.999)\n    decoupled_weight_decay: False\n    eps: 1e-08\n",
    ),
  );
});

Deno.test("every optimizer is an Optimizer", () => {
  const rateOf = (optimizer: optim.Optimizer) => optimizer.paramGroups[0]!.lr;
  const p = [parameter(2, 2)];
  const optimizers: optim.Optimizer[] = [
    new optim.SGD(p, { lr: 1 }),
    new optim.Adam(p),
    new optim.AdamW(p),
    new optim.LBFGS(p),
    new optim.Adafactor(p),
    new optim.Muon(p),
    new optim.Rprop(p),
  ];
  assertEquals(optimizers.map(rateOf), [1, 1e-3, 1e-3, 1, 1e-2, 1e-3, 1e-2]);
});

const makers: Record<string, (params: Tensor[]) => optim.Optimizer> = {
  SGD: (p) => new optim.SGD(p, { lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.1 }),
  Adam: (p) => new optim.Adam(p, { amsgrad: true }),
  AdamW: (p) => new optim.AdamW(p),
  Adamax: (p) => new optim.Adamax(p),
  NAdam: (p) => new optim.NAdam(p),
  RAdam: (p) => new optim.RAdam(p),
  Adagrad: (p) => new optim.Adagrad(p),
  Adadelta: (p) => new optim.Adadelta(p),
  RMSprop: (p) => new optim.RMSprop(p, { centered: true, momentum: 0.5 }),
  Rprop: (p) => new optim.Rprop(p),
  ASGD: (p) => new optim.ASGD(p, { t0: 2 }),
  Adafactor: (p) => new optim.Adafactor(p),
};

for (const [name, make] of Object.entries(makers)) {
  Deno.test(`${name} takes scalars, empty and seen tensors, passes NaN on, and soon compiles nothing new`, () => {
    const scalar = tensor(2.5, { requiresGrad: true }), matrix = parameter(2, 3), seen = parameter(3, 2);
    const empty = parameter(0, 2), factors = tensor([[1, 2], [3, 4], [5, 6.5]]);
    const optimizer = make([empty, scalar, matrix, seen]);
    let compiled = 0;
    for (let i = 0; i < 12; i++) {
      optimizer.paramGroups[0]!.lr *= 0.9;
      optimizer.zeroGrad();
      // Gradients that are expanded and transposed.
      scalar.square().add(matrix.t().mul(factors).sum()).add(seen.sum()).add(empty.sum()).backward();
      optimizer.step();
      // RAdam takes other steps from the sixth on.
      if (i === 7) compiled = deviceStats(matrix.device).compiled;
    }
    assertEquals(deviceStats(matrix.device).compiled, compiled);
    assert([scalar, matrix, seen].every((p) => p.isfinite().all().item()));
    assert(scalar.item() as number < 2.5 && matrix.lt(0).all().item() && seen.lt(0).all().item());
    scalar.grad = tensor(NaN);
    optimizer.step();
    // Rprop goes by the sign alone, which NaN has none of.
    if (name !== "Rprop") assert(Number.isNaN(scalar.item()));
  });
}

Deno.test("an optimizer of one's own says how one parameter is updated", () => {
  class SignSGD extends optim.Optimizer {
    protected override update(p: Tensor, grad: Tensor, _state: optim.ParameterState, { lr }: { lr: number }): void {
      p.sub_(grad.sign(), { alpha: lr });
    }
  }
  const weight = tensor([3, -4], { requiresGrad: true }), optimizer = new SignSGD([weight], { lr: 0.5 });
  weight.square().sum().backward();
  optimizer.step();
  assertEquals(weight.tolist(), [2.5, -3.5]);
  assertEquals(optimizer.stateDict(), { state: {}, param_groups: [{ lr: 0.5, params: [0] }] });
  assertThrows(() => new SignSGD([weight], { lr: -1 }), ValueError, "lr -1");
});
