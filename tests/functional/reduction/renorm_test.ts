import { assertThrows } from "@std/assert";
import { functional as F, ShapeError, tensor, ValueError } from "../../../mod.ts";
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
