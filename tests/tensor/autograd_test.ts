/** Expected values are PyTorch's (1.13). */

import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { arange, autograd, AutogradError, noGrad, ones, type Tensor, tensor } from "../../mod.ts";
import { assertTensor, gradOf, testOnDevices } from "./expect.ts";

const leaf = (...values: number[]): Tensor => tensor(values, { requiresGrad: true });

testOnDevices("backward() adds up what comes along several paths", () => {
  const x = leaf(1, 2, 3);
  const a = x.mul(2), b = a.sin(), c = a.mul(b);
  c.add(a).sum().backward();
  assertTensor(gradOf(x), [2.1540074348449707, -4.742753982543945, 12.963212013244629], 1e-6);
});

Deno.test("backward() reduces gradients to broadcast shapes", () => {
  const x = tensor([[1], [2]], { requiresGrad: true });
  x.expand(2, 3).mul(tensor([1, 2, 3])).sum().backward();
  assertTensor(gradOf(x), [[6], [6]]);
});

Deno.test("backward() accumulates into the same grad", () => {
  const x = leaf(1, 2);
  x.mul(3).sum().backward();
  const { grad } = x;
  x.mul(tensor([1, 10])).sum().backward();
  assertStrictEquals(x.grad, grad);
  assertTensor(gradOf(x), [4, 13]);
  assert(!gradOf(x).requiresGrad);
});

Deno.test("gradients of two leaves never share memory", () => {
  const x = leaf(1, 2), y = leaf(3, 4), seed = tensor([1, 1], { dtype: "float32" });
  x.add(y).backward(seed);
  noGrad(() => {
    gradOf(x).mul_(5);
    gradOf(x).add_(1);
  });
  assertTensor(gradOf(x), [6, 6]);
  assertTensor(gradOf(y), [1, 1]);
  assertTensor(seed, [1, 1]);
});

testOnDevices("grad() differentiates up to third order", () => {
  const x = tensor(1.5, { requiresGrad: true });
  const y = x.pow(4).mul(x.sin());
  const [g1] = autograd.grad(y, x, { createGraph: true });
  const [g2] = autograd.grad(g1, x, { createGraph: true });
  const [g3] = autograd.grad(g2, x);
  assertTensor(g1, 13.824289321899414, 1e-5);
  assertTensor(g2, 23.792451858520508, 1e-5);
  assertTensor(g3, 0.8828792572021484, 1e-4);
  assertEquals(x.grad, null);
});

Deno.test("backward() goes through recorded gradients", () => {
  const x = tensor([[1, 2], [3, 4]], { requiresGrad: true }), b = leaf(0.5, -1);
  const loss = x.mul(b).exp().div(x.sum(0).add(b)).sum();
  const [gx, gb] = autograd.grad(loss, [x, b], { createGraph: true });
  gx.pow(2).sum().add(gb.sin().sum()).backward();
  assertTensor(
    gx,
    [[-0.11954505741596222, -0.033213093876838684], [0.19522914290428162, -0.009809164330363274]],
    1e-5,
  );
  assertTensor(gb, [3.051439046859741, 0.06264058500528336], 1e-5);
  assertTensor(
    gradOf(x),
    [[0.0603744238615036, -0.03573717921972275], [-1.6938049793243408, -0.022233791649341583]],
    1e-5,
  );
  assertTensor(gradOf(b), [-7.22634220123291, 0.14415568113327026], 1e-5);
});

Deno.test("backward() with createGraph leaves a differentiable grad", () => {
  const x = leaf(2, 3);
  x.pow(3).sum().backward({ createGraph: true });
  const first = gradOf(x);
  x.grad = null;
  first.sum().backward();
  assertTensor(gradOf(x), [12, 18]);
});

Deno.test("grad() tells unused inputs", () => {
  const x = tensor(1, { requiresGrad: true }), unused = tensor(2, { requiresGrad: true });
  assertThrows(() => autograd.grad(x.mul(2), [x, unused]), AutogradError, "allowUnused");
  const [gx, none] = autograd.grad(x.mul(2), [x, unused], { allowUnused: true });
  assertTensor(gx!, 2);
  assertEquals(none, null);
  assertTensor(autograd.grad(x.mul(2), unused, { materializeGrads: true })[0], 0);
  assertThrows(() => autograd.grad(x.mul(2), tensor(1)), AutogradError, "does not require grad");
});

Deno.test("grad() computes only what leads to its inputs", () => {
  const visited: string[] = [];
  const x = leaf(1, 2), y = leaf(3, 4);
  const a = x.mul(2), b = y.mul(3);
  a.registerHook(() => void visited.push("a"));
  b.registerHook(() => void visited.push("b"));
  const [gx] = autograd.grad(a.mul(b).sum(), x);
  assertTensor(gx, [18, 24]);
  assertEquals(visited, ["a"]);
});

Deno.test("grad() takes intermediate tensors as inputs, and gradients of outputs", () => {
  const x = leaf(1, 2), y = x.mul(x), z = y.mul(3);
  const [gy, gx] = autograd.grad(z, [y, x], { gradOutputs: tensor([1, 10]) });
  assertTensor(gy!, [3, 30]);
  assertTensor(gx, [6, 120]);
});

Deno.test("backward() accumulates into the inputs asked for, and nowhere else", () => {
  const x = leaf(1, 2), w = leaf(3, 4), y = x.mul(w);
  autograd.backward(y.mul(y).sum(), null, { inputs: [x, y] });
  assertTensor(gradOf(x), [18, 64]);
  assertTensor(gradOf(y), [6, 16]);
  assertEquals(w.grad, null);
});

Deno.test("backward() takes several outputs", () => {
  const x = leaf(1, 2);
  autograd.backward([x.mul(2).sum(), x.mul(x)], [null, tensor([1, 10])]);
  assertTensor(gradOf(x), [4, 42]);
});

Deno.test("a graph is gone through once, unless it is retained", () => {
  const x = leaf(1, 2), y = x.mul(x).sum();
  y.backward({ retainGraph: true });
  y.backward();
  assertTensor(gradOf(x), [4, 8]);
  assertThrows(() => y.backward(), AutogradError, "retainGraph");
});

Deno.test("hooks see and replace gradients, and can be removed", () => {
  const x = leaf(1, 2), y = x.mul(3);
  y.registerHook((grad) => grad.mul(2));
  y.retainGrad();
  x.registerHook((grad) => grad.add(1));
  const removed = x.registerHook(() => tensor([100, 100]));
  removed.remove();
  y.sum().backward();
  assertTensor(gradOf(x), [7, 7]);
  assertTensor(gradOf(y), [2, 2]);
  x.registerHook(() => tensor([1]));
  assertThrows(() => x.mul(2).sum().backward(), AutogradError, "shape [1]");
  assertThrows(() => tensor([1.5]).registerHook(() => {}), AutogradError);
});

Deno.test("a tensor kept by a hook keeps its value", () => {
  const x = leaf(1, 2);
  const kept: Tensor[] = [];
  x.registerHook((grad) => void kept.push(grad));
  x.mul(2).sum().backward();
  x.mul(3).sum().backward();
  noGrad(() => gradOf(x).zero_());
  assertTensor(gradOf(x), [0, 0]);
  assertEquals(kept.map((t) => t.tolist()), [[2, 2], [3, 3]]);
});

Deno.test("retained gradients accumulate as PyTorch's do", () => {
  const x = leaf(1, 2), y = x.mul(3);
  y.retainGrad();
  y.sum().backward({ retainGraph: true });
  y.sum().backward();
  assertTensor(gradOf(y), [2, 2]);
  assertTensor(gradOf(x), [6, 6]);
});

Deno.test("a post-accumulate hook can step in the middle of backward()", () => {
  const x = leaf(1, 2);
  x.registerPostAccumulateGradHook((leaf) => {
    noGrad(() => leaf.sub_(gradOf(leaf).mul(0.5)));
    leaf.grad = null;
  });
  for (let i = 0; i < 3; i++) x.mul(x).sum().backward();
  assertTensor(x, [0, 0]);
  assertEquals(x.grad, null);
});

Deno.test("backward() refuses what has no gradient", () => {
  assertThrows(() => leaf(1, 2).mul(2).backward(), AutogradError, "only a scalar output");
  assertThrows(() => tensor(1.5).backward(), AutogradError, "does not require grad and has no gradFn");
  assertThrows(() => leaf(1, 2).mul(2).backward(tensor([1])), AutogradError, "gradient of shape [1]");
  assertThrows(() => tensor([1, 2], { dtype: "int32" }).requiresGrad_(), AutogradError, "int32");
  const y = noGrad(() => leaf(1, 2).sum());
  assertThrows(() => y.backward(), AutogradError);
});

Deno.test("backward() converts gradients between dtypes", () => {
  const x = leaf(1, 2);
  x.double().mul(tensor([1, 3], { dtype: "float64", device: "cpu" }).to(x.device)).sum().backward();
  assertEquals(gradOf(x).dtype, "float32");
  assertTensor(gradOf(x), [1, 3]);
});

Deno.test("backward() goes through a deep graph", () => {
  const x = leaf(1);
  let y: Tensor = x;
  for (let i = 0; i < 20_000; i++) y = y.mul(1);
  y.sum().backward();
  assertTensor(gradOf(x), [1]);
});

Deno.test("detach() and integer tensors end the graph", () => {
  const x = leaf(1, 2);
  x.mul(x.detach()).sum().backward();
  assertTensor(gradOf(x), [1, 2]);
  assert(!x.gt(1).requiresGrad);
  assert(!x.int().requiresGrad);
  assertEquals(x.mul(2).gradFn?.name, "MulBackward0");
  assert(ones(2).isLeaf && !x.mul(2).isLeaf && arange(3).gradFn === null);
});
