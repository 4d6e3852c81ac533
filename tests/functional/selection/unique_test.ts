import { functional as F, type Tensor, tensor } from "../../../mod.ts";
import { assertTensor } from "../../tensor/expect.ts";

// numpy.unique(x, return_inverse=True, return_counts=True, equal_nan=False): PyTorch 1.13 loses its way among NaN
Deno.test("unique sorts, tells no NaN from itself, and finds its way back", () => {
  const x = tensor([[2.5, NaN, -Infinity], [0, 2.5, NaN]]);
  const [values, inverse, counts] = F.unique(x, { returnInverse: true, returnCounts: true }) as Tensor[];
  assertTensor(values!, [-Infinity, 0, 2.5, NaN, NaN]);
  assertTensor(inverse!, [[2, 3, 0], [1, 2, 4]]);
  assertTensor(counts!, [1, 1, 2, 1, 1]);
});

Deno.test("unique of bools, of nothing, of rows and of runs", () => {
  assertTensor(F.unique(tensor([true, false, true])), [false, true]);
  assertTensor(F.unique(tensor([])), []);
  assertTensor(F.unique(tensor([[3, 1], [2, 2], [3, 1]]), { dim: 0 }), [[2, 2], [3, 1]]);
  assertTensor(F.uniqueConsecutive(tensor([1, 1, 0, 1])), [1, 0, 1]);
});
