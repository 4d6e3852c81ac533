import { assert, assertEquals, assertThrows } from "@std/assert";
import * as torch from "../../../mod.ts";
import { functional as F, nn, randn, type Tensor } from "../../../mod.ts";
import golden from "../../golden/utils.json" with { type: "json" };
import { testOnDevices } from "../../tensor/expect.ts";
import { assertNumbers, tensorsOf } from "../golden_module.ts";

const { parametrizations, parametrize, prune, removeSpectralNorm, removeWeightNorm, spectralNorm, weightNorm } =
  nn.utils;

const modules: Record<keyof typeof golden.steps, () => nn.Module> = {
  "weightNorm": () => weightNorm(new nn.Linear(3, 2)),
  "weightNorm of all": () => weightNorm(new nn.Conv1d(2, 3, 2), { dim: null }),
  "weightNorm of a network": () => weightNorm(new nn.LSTM(2, 3), "weight_hh_l0"),
  "spectralNorm": () => spectralNorm(new nn.Linear(3, 2)),
  "spectralNorm of a transposed convolution": () =>
    spectralNorm(new nn.ConvTranspose1d(2, 3, 2), { nPowerIterations: 2 }),
  "parametrized spectralNorm": () => parametrizations.spectralNorm(new nn.Linear(3, 2)),
  "orthogonal square": () => parametrizations.orthogonal(new nn.Linear(3, 3)),
  "orthogonal tall": () => parametrizations.orthogonal(new nn.Linear(2, 3)),
  "orthogonal wide": () => parametrizations.orthogonal(new nn.Linear(3, 2), { orthogonalMap: "cayley" }),
  "orthogonal of its own": () => parametrizations.orthogonal(new nn.Linear(2, 3), { useTrivialization: false }),
  "pruning": () => prune.l1Unstructured(new nn.Linear(3, 2), "weight", 0.5),
};

for (const [name, make] of Object.entries(modules)) {
  testOnDevices(`${name} is trained as in PyTorch`, () => {
    const expected = golden.steps[name as keyof typeof golden.steps];
    torch.manualSeed(6);
    const module = make(), call = module as unknown as (x: Tensor) => unknown;
    assertEquals(Object.keys(module.stateDict()), expected.names);
    const x = randn(expected.shape), optimizer = new torch.optim.SGD(module.parameters(), { lr: 0.1 });
    for (const output of expected.outputs) {
      optimizer.zeroGrad();
      const y = tensorsOf(call(x))[0]!;
      y.mul(y).sum().backward();
      optimizer.step();
      assertNumbers(y, output, "output");
    }
    module.parameters().forEach((parameter, i) => assertNumbers(parameter.grad!, expected.grads[i]!, `gradient ${i}`));
    const state = module.stateDict();
    for (const [key, values] of Object.entries(expected.state)) assertNumbers(state[key]!, values as number[], key);
    module.eval();
    assertNumbers(tensorsOf(call(x))[0]!, expected.eval, "output in evaluation");
    const copy = nn.deepcopy(module) as unknown as (x: Tensor) => unknown;
    assertNumbers(tensorsOf(copy(x))[0]!, expected.eval, "output of a copy");
  });
}

Deno.test("norms are removed with what they had made", () => {
  for (const [add, remove] of [[weightNorm, removeWeightNorm], [spectralNorm, removeSpectralNorm]] as const) {
    const layer = new nn.Linear(3, 2), x = randn([1, 3]);
    add(layer);
    assertThrows(() => add(layer), torch.ValueError, "twice");
    const y = layer.eval()(x);
    remove(layer);
    assertEquals(Object.keys(layer.stateDict()), ["bias", "weight"]);
    assert(layer.weight instanceof nn.Parameter && F.allclose(layer(x), y, { atol: 1e-6 }));
    assertThrows(() => remove(layer), torch.ValueError, "it has none");
  }
  assertThrows(() => weightNorm(new nn.ReLU()), torch.ValueError, "no parameter");
  assertThrows(() => spectralNorm(new nn.Linear(2, 2), { nPowerIterations: 0 }), torch.ValueError, "above 0");
});

class Symmetric extends nn.Module {
  override forward(x: Tensor): Tensor {
    return x.triu().add(x.triu(1).t());
  }
  rightInverse(x: Tensor): Tensor {
    return x.triu();
  }
}

class Twice extends nn.Module {
  override forward(x: Tensor): Tensor {
    return x.mul(2);
  }
}

Deno.test("a parametrized tensor is computed when it is read, and can be set and freed", () => {
  const layer = new nn.Linear(3, 3), { weight } = layer;
  parametrize.registerParametrization(layer, "weight", new Symmetric());
  assert(parametrize.isParametrized(layer) && parametrize.isParametrized(layer, "weight"));
  assert(!parametrize.isParametrized(layer, "bias") && parametrize.typeBeforeParametrizations(layer) === nn.Linear);
  assertEquals(
    `${layer}`,
    "ParametrizedLinear(\n  in_features=3, out_features=3, bias=True\n  (parametrizations): ModuleDict(\n" +
      "    (weight): ParametrizationList(\n      (0): Symmetric()\n    )\n  )\n)",
  );
  assertEquals(layer.namedParameters().map(([name]) => name), ["bias", "parametrizations.weight.original"]);
  assert(layer.parameters()[1] === weight);
  layer(randn([2, 3])).sum().backward();
  assertEquals(weight.grad!.tril(-1).abs().sum().item(), 0);

  Reflect.set(layer, "weight", torch.eye(3));
  assertEquals(layer.weight.tolist(), torch.eye(3).tolist());
  parametrize.registerParametrization(layer, "weight", new Twice());
  assertEquals(layer.weight.sum().item(), 6);
  assertThrows(() => Reflect.set(layer, "weight", torch.eye(3)), torch.ValueError, "Twice has no rightInverse");
  parametrize.removeParametrizations(layer, "weight");
  assert(layer.weight === weight && layer.constructor === nn.Linear && `${layer}`.startsWith("Linear(in"));
  assertEquals(layer.weight.sum().item(), 6);
  assertEquals(Object.keys(layer.stateDict()), ["bias", "weight"]);
});

Deno.test("a buffer is parametrized, too, and what it was computed from comes back on request", () => {
  const norm = new nn.BatchNorm1d(2);
  parametrize.registerParametrization(norm, "running_mean", new Twice());
  assertEquals(norm.namedBuffers().map(([name]) => name).at(-1), "parametrizations.running_mean.original");
  parametrize.removeParametrizations(norm, "running_mean", { leaveParametrized: false });
  assertEquals(norm.getBuffer("running_mean").tolist(), [0, 0]);
});

Deno.test("a parametrization that does not fit is refused, unless unsafe", () => {
  class Half extends nn.Module {
    override forward(x: Tensor): Tensor {
      return x.at(0);
    }
  }
  const layer = new nn.Linear(3, 2);
  const { registerParametrization, removeParametrizations } = parametrize;
  assertThrows(() => registerParametrization(layer, "weight", new Half()), torch.ValueError, "gave [3]");
  assertEquals(layer.namedParameters().map(([name]) => name), ["weight", "bias"]);
  assertThrows(() => registerParametrization(layer, "weights", new Twice()), torch.ValueError, "weights");
  assertThrows(() => removeParametrizations(layer, "weight"), torch.ValueError, "none");
  registerParametrization(layer, "weight", new Half(), { unsafe: true });
  assertEquals([...layer.weight.shape], [3]);
});

Deno.test("an orthogonal weight keeps its value where it is orthogonal, and can be set", () => {
  const layer = new nn.Linear(3, 3);
  nn.init.orthogonal_(layer.weight);
  const { weight } = layer, before = weight.clone();
  parametrizations.orthogonal(layer);
  assert(F.allclose(layer.weight, before, { atol: 1e-5 }));
  Reflect.set(layer, "weight", torch.eye(3).neg());
  assert(F.allclose(layer.weight, torch.eye(3).neg(), { atol: 1e-5 }));
  assertThrows(() => Reflect.set(layer, "weight", torch.eye(2)), torch.ShapeError, "[3, 3]");
  assertThrows(() => parametrizations.orthogonal(new nn.Linear(2, 2), "bias"), torch.ShapeError, "a matrix");
  const orthogonalMap = "qr" as "cayley";
  assertThrows(() => parametrizations.orthogonal(new nn.Linear(2, 2), { orthogonalMap }), torch.ValueError, "qr");
  const own = parametrizations.orthogonal(new nn.Linear(2, 2), { useTrivialization: false });
  assertThrows(() => Reflect.set(own, "weight", torch.eye(2)), torch.ValueError, "no rightInverse");
});

Deno.test("parametrized weightNorm has two originals, keeps the weight and is cached", () => {
  const layer = new nn.Linear(3, 2), weight = layer.weight.clone();
  parametrizations.weightNorm(layer);
  assertEquals(Object.keys(layer.stateDict()), [
    "bias",
    "parametrizations.weight.original0",
    "parametrizations.weight.original1",
  ]);
  assert(F.allclose(layer.weight, weight));
  assert(layer.weight !== layer.weight);
  {
    using _cache = parametrize.cached();
    assert(layer.weight === parametrize.cached(() => layer.weight));
  }
  assert(layer.weight !== layer.weight);
  layer.parameters()[1]!.detach().mul_(2);
  assert(F.allclose(layer.weight, weight.mul(2)));
  assertThrows(
    () => parametrize.removeParametrizations(layer, "weight", { leaveParametrized: false }),
    torch.ValueError,
    "2 tensors",
  );
  parametrize.removeParametrizations(layer, "weight");
  assert(layer.weight instanceof nn.Parameter && F.allclose(layer.weight, weight.mul(2)));
});
