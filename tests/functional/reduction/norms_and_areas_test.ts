import { assertThrows } from "@std/assert";
import { DTypeError, functional as F, IndexError, ShapeError, tensor, ValueError } from "../../../mod.ts";
import { assertTensor, gradOf, testOnDevices } from "../../tensor/expect.ts";

// y = torch.renorm(x, 1, 0, 5); (y * torch.tensor([[1., 2], [3, 4]])).sum().backward()
testOnDevices("renorm scales parts down to a norm", () => {
  const x = tensor([[3, 4.5], [0.5, 0.5]], { requiresGrad: true });
  const y = x.renorm(1, 0, 5);
  assertTensor(y, [[2, 3], [0.5, 0.5]], 1e-6);
  y.mul(tensor([[1, 2], [3, 4]])).sum().backward();
  assertTensor(gradOf(x), [[-0.4, 0.26666668], [3, 4]], 1e-6);
  const z = tensor([[3, 4.5], [0.5, 0.5]]);
  z.renorm_(1, -2, 5);
  assertTensor(z, [[2, 3], [0.5, 0.5]], 1e-6);
});

Deno.test("renorm needs two dimensions and a norm", () => {
  assertThrows(() => F.renorm(tensor(1.5), 2, 0, 1), ShapeError, "2 dimensions");
  assertThrows(() => F.renorm(tensor([[1.5]]), 0, 0, 1), ValueError, "above 0");
});

Deno.test("diff without differences is a copy, whatever is put in front", () => {
  const x = tensor([1, 2]);
  assertTensor(F.diff(x, { n: 0, prepend: tensor([9]) }), [1, 2]);
  assertThrows(() => F.diff(x, -1), ValueError);
  assertTensor(F.trapz(tensor([1.5, 2, 4])), 4.75);
});

Deno.test("areas need floats or integers, and cumulative ones a dimension", () => {
  assertThrows(() => F.trapezoid(tensor([true, false])), DTypeError, "bools");
  assertThrows(() => F.cumulativeTrapezoid(tensor(1.5)), ShapeError, "no neighbours");
  assertThrows(() => F.trapezoid(tensor(1.5)), ShapeError, "no neighbours");
});

Deno.test("quantile takes its dimension by position or by name", () => {
  const x = tensor([[1.5, 2.5], [3, 5]]);
  assertTensor(F.quantile(x, 0.5, 1), [2, 4]);
  assertTensor(x.quantile(0.5, 1, { keepdim: true }), [[2], [4]]);
  assertTensor(x.nanquantile(0.5, { dim: 0 }), [2.25, 3.75]);
  assertThrows(() => F.quantile(x, 0.5, 2), IndexError);
  assertThrows(() => F.quantile(x, tensor([0.5, 2.5])), ValueError, "2.5");
});

// torch.std(x, 1, unbiased=False).sum().backward()
testOnDevices("no gradient comes from the deviation of equal elements", () => {
  const x = tensor([[2.5, 2.5], [1, 3]], { requiresGrad: true });
  F.std(x, 1, { unbiased: false }).sum().backward();
  assertTensor(gradOf(x), [[0, 0], [-0.5, 0.5]]);
});
