import { assertEquals, assertThrows } from "@std/assert";
import { DTypeError, explain, functional as F, IndexError, linspace, tensor, zeros } from "../../../mod.ts";
import { assertTensor, gradOf, testOnDevices } from "../../tensor/expect.ts";

// y = torch.logcumsumexp(x, 1); (y * torch.tensor([1., -2, 3])).sum().backward()
testOnDevices("logcumsumexp keeps small terms that a sum of exponentials would lose", () => {
  const x = tensor([[0.5, -100, 100]], { requiresGrad: true });
  const y = F.logcumsumexp(x, 1);
  assertTensor(y, [[0.5, 0.5, 100]]);
  y.mul(tensor([1, -2, 3])).sum().backward();
  assertTensor(gradOf(x), [[-1, 0, 3]], 1e-5);
  assertTensor(F.logcumsumexp(tensor([-Infinity, 1, 2]), 0), [-Infinity, 1, 2.3132617473602295], 1e-6);
  assertTensor(F.logcumsumexp(tensor([-200, -201.5]), 0), [-200, -199.79858], 1e-6);
});

// torch.logcumsumexp(torch.linspace(-3, 3, 300) * 30, 0)[[0, 127, 128, 255, 256, 299]]
testOnDevices("logcumsumexp of a long list goes by blocks", () => {
  const y = F.logcumsumexp(linspace(-3, 3, 300).mul(30), 0);
  const expected = [
    -90,
    -12.751717567443848,
    -12.149710655212402,
    64.30513763427734,
    64.90715026855469,
    90.7934341430664,
  ];
  assertTensor(y.indexSelect(0, tensor([0, 127, 128, 255, 256, 299])), expected, 1e-5);
  assertEquals(explain(F.logcumsumexp(linspace(-3, 3, 32), 0)).match(/^ *kernel /gm)?.length, 1);
});

Deno.test("logcumsumexp of a number, of nothing and along no dimension", () => {
  assertTensor(F.logcumsumexp(tensor(2.5), 0), 2.5);
  assertTensor(F.logcumsumexp(zeros(0, 2), -2), []);
  assertThrows(() => F.logcumsumexp(zeros(2), 1), IndexError);
  assertThrows(() => F.logcumsumexp(tensor([1, 2]), 0), DTypeError, "float32");
});
