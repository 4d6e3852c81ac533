import { assertEquals } from "@std/assert";
import { autograd, functional as F, ones, tensor } from "../../../mod.ts";
import { devices } from "../../devices.ts";
import { assertTensor } from "../../tensor/expect.ts";

for (const device of devices) {
  // Software adapters leave a loop after 65,535 steps without a word.
  Deno.test(`products sum a depth beyond 65,535 whole on ${device}`, () => {
    const depth = 70001;
    const a = ones([2, depth], { device }), b = ones([depth, 3], { device });
    assertEquals(F.matmul(a, b).tolist(), [[depth, depth, depth], [depth, depth, depth]]);
    assertEquals(F.matmul(a, ones([depth], { device })).tolist(), [depth, depth]);
    const x = ones([2, 2, 300, 300], { device }), y = ones([2, 300, 300], { device });
    assertEquals(F.einsum("abij,bij->a", x, y).tolist(), [180000, 180000]);
  });

  Deno.test(`the gradient of a convolution's weight sums all positions on ${device}`, () => {
    const weight = ones([1, 1, 2], { device, requiresGrad: true });
    const y = F.conv1d(ones([2, 1, 40001], { device }), weight);
    assertEquals(autograd.grad(F.sum(y), [weight])[0]!.tolist(), [[[80000, 80000]]]);
  });
}

// torch.outer(torch.tensor([1.5, 2]), torch.tensor([1, 2]))
Deno.test("outer promotes, as multiplication does", () => {
  assertTensor(F.outer(tensor([1.5, 2]), tensor([1, 2])), [[1.5, 3], [2, 4]]);
});
