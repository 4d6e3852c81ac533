import { assertEquals, assertThrows } from "@std/assert";
import { autograd, AutogradError, noGrad, ShapeError, type Tensor, tensor, zeros } from "../../../mod.ts";
import { assertTensor, type Nested, testOnDevices } from "../../tensor/expect.ts";

const { jacobian, hessian, vjp, jvp, hvp, vhp } = autograd.functional;

// PyTorch's: F = torch.autograd.functional, of these functions at these inputs.
const inputs = (): [Tensor, Tensor] => [tensor([[0.5, -1], [2, 1.5]]), tensor([1, 3]).float()];
const f = (x: Tensor, y: Tensor) => [x.mul(y).exp().sum(1), x.sum().mul(y.prod())];
const g = (x: Tensor, y: Tensor) => x.mul(y).sin().sum().add(x.sum().mul(y.prod()));
const v = (): [Tensor, Tensor] => [zeros([2, 2]).add(1), tensor([1, -1]).float()];

function assertTensors(actual: readonly Tensor[], expected: readonly Nested[], tolerance = 1e-5): void {
  assertEquals(actual.length, expected.length);
  actual.forEach((x, i) => assertTensor(x, expected[i]!, tolerance));
}

testOnDevices("jacobian() is PyTorch's, of several outputs by several inputs", () => {
  const [first, second] = jacobian(f, inputs()) as unknown as [Tensor[], Tensor[]];
  assertTensors(first, [
    [[[1.6487212, 0.1493612], [0, 0]], [[0, 0], [7.3890562, 270.0513916]]],
    [[0.8243606, -0.0497871], [14.7781124, 135.0256958]],
  ]);
  assertTensors(second, [[[3, 3], [3, 3]], [9, 3]]);
});

Deno.test("hessian() is PyTorch's, by several inputs", () => {
  const [[xx, xy], [yx, yy]] = hessian(g, inputs()) as [[Tensor, Tensor], [Tensor, Tensor]];
  assertTensors([xx, xy, yx, yy], [
    [[[[-0.4794255, 0], [0, 0]], [[0, 1.27008], [0, 0]]], [[[0, 0], [-0.9092974, 0]], [[0, 0], [0, 8.7977715]]]],
    [[[3.6378698, 1], [3, -0.4133525]], [[0.7652584, 1], [3, 5.1880898]]],
    [[[3.6378698, 3], [0.7652584, 3]], [[1, -0.4133525], [1, 5.1880898]]],
    [[-3.757046, 3], [3, 2.3405628]],
  ], 1e-4);
});

testOnDevices("vjp() and jvp() are PyTorch's", () => {
  const [outputs, back] = vjp(f, inputs(), [tensor([1, 2]).float(), tensor(0.5)]);
  assertTensors(outputs, [[1.6985083, 97.4061834], 9]);
  assertTensors(back, [[[3.1487212, 1.6493612], [16.2781124, 541.6027832]], [34.8806, 271.5016]]);
  const [values, forth] = jvp(f, inputs(), v());
  assertTensors(values, [[1.6985083, 97.4061834], 9]);
  assertTensors(forth, [[2.6722, 157.1929], 18], 1e-4);
});

Deno.test("hvp() and vhp() are PyTorch's", () => {
  for (const product of [hvp, vhp]) {
    const [value, second] = product(g, inputs(), v());
    assertTensor(value, 9.2701, 1e-4);
    assertTensors(second, [[[2.1584, 4.6834], [-1.144, 6.6097]], [3.6461, 7.4342]], 1e-4);
  }
});

Deno.test("derivatives come alone or in lists as inputs and outputs do, and leave the inputs alone", () => {
  const x = tensor([1, 2, 3], { dtype: "float64" });
  const alone: Tensor = jacobian((x) => x.pow(2), x);
  assertEquals(alone.tolist(), [[2, 0, 0], [0, 4, 0], [0, 0, 6]]);
  assertEquals([alone.dtype, alone.requiresGrad, x.requiresGrad, x.grad], ["float64", false, false, null]);
  const [listed] = jacobian((x) => x.pow(2), [x]);
  assertEquals(listed!.tolist(), alone.tolist());
  assertEquals(jacobian((x) => x.narrow(0, 0, 0), x).shape.toString(), "torch.Size([0, 3])");
  assertEquals(noGrad(() => jacobian((x) => x.prod(), x)).tolist(), [6, 3, 2]);
  // One element needs no v.
  assertEquals(vjp((x) => x.prod(), x)[1].tolist(), [6, 3, 2]);
  assertEquals(jvp((x) => x.pow(3), tensor([2]).float())[1].tolist(), [12]);
  // In place on what the function was given.
  assertEquals(vjp((x) => x.mul(1).mul_(x).sum(), x)[1].tolist(), [2, 4, 6]);
});

Deno.test("derivatives can be recorded", () => {
  const x = tensor([1, 2], { dtype: "float64", requiresGrad: true });
  jacobian((x) => x.pow(3), x, { createGraph: true }).sum().backward();
  assertEquals(x.grad!.tolist(), [6, 12]);
  const [, product] = hvp((x) => x.pow(3).sum(), x, tensor([1, 10], { dtype: "float64" }), { createGraph: true });
  assertEquals(autograd.grad(product.sum(), x)[0].tolist(), [6, 60]);
  const second = hessian((x) => x.pow(4).sum(), x, { createGraph: true });
  assertEquals(autograd.grad(second.sum(), x)[0].tolist(), [24, 48]);
});

Deno.test("what does not depend on the inputs has the derivative 0, or is refused", () => {
  const x = tensor([1, 2]).float(), constant = (_x: Tensor) => tensor([3, 4]).float();
  assertEquals(jacobian(constant, x).tolist(), [[0, 0], [0, 0]]);
  assertEquals(jvp(constant, x, x)[1].tolist(), [0, 0]);
  assertEquals(hessian((x) => x.sum(), x).tolist(), [[0, 0], [0, 0]]);
  assertEquals(hvp((x) => x.sum(), x, x)[1].tolist(), [0, 0]);
  assertEquals(jacobian((x, _y) => x.mul(2), [x, x])[1]!.tolist(), [[0, 0], [0, 0]]);
  assertThrows(() => jacobian(constant, x, { strict: true }), AutogradError, "any input");
  assertThrows(() => vjp((x, _y) => x.sum(), [x, x], null, { strict: true }), AutogradError, "input 1");
  assertThrows(() => hvp((x) => x.sum(), x, x, { strict: true }), AutogradError, "strict");
});

Deno.test("derivatives refuse functions and vectors that do not fit", () => {
  const x = tensor([1, 2]).float();
  assertThrows(() => vjp((x) => x, x), AutogradError, "without v");
  assertThrows(() => jvp((x) => x.sum(), x), AutogradError, "without v");
  assertThrows(() => vjp((x) => x, x, tensor([1, 2, 3]).float()), ShapeError, "[3]");
  assertThrows(() => hessian((x) => x, x), AutogradError, "one number");
  assertThrows(() => vhp((x) => x, x, x), AutogradError, "one number");
});
