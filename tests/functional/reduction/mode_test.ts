import { assertThrows } from "@std/assert";
import { functional as F, IndexError, tensor, zeros } from "../../../mod.ts";
import { assertTensor, gradOf, testOnDevices } from "../../tensor/expect.ts";

// torch.mode(x, 1), torch.mode(x, 0, keepdim=True)
testOnDevices("mode is the smallest of the most frequent elements, where it was last found", () => {
  const x = tensor([[3, 1, 3, 2], [5, 5, 4, 4], [1, 2, 3, 4]], { dtype: "float32", requiresGrad: true });
  const { values, indices } = x.mode();
  assertTensor(values, [3, 4, 1]);
  assertTensor(indices, [2, 3, 0]);
  values.mul(tensor([2, 3, 4])).sum().backward();
  assertTensor(gradOf(x), [[0, 0, 2, 0], [0, 0, 0, 3], [4, 0, 0, 0]]);
  const [down, at] = F.mode(x, 0, { keepdim: true });
  assertTensor(down, [[1, 1, 3, 4]]);
  assertTensor(at, [[2, 0, 2, 2]]);
});

Deno.test("mode of bools, of a number and of nothing", () => {
  assertTensor(F.mode(tensor([true, false, true])).values, true);
  assertTensor(F.mode(tensor(4)).indices, 0);
  assertTensor(F.mode(zeros(0, 2)).values, []);
  assertThrows(() => F.mode(zeros(2, 0)), IndexError, "no elements");
});
