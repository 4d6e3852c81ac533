import { assertThrows } from "@std/assert";
import { arange, functional as F, ShapeError, tensor, ValueError } from "../../../mod.ts";
import { assertTensor, gradOf, type Nested, testOnDevices } from "../../tensor/expect.ts";

// o = torch.segment_reduce(x, reduce, lengths=torch.tensor([1, 0, 3]), axis=0)
// (o[[0, 2]] * torch.tensor([[1., 2], [3, 4]])).sum().backward()
testOnDevices("segmentReduce reduces pieces of a dimension, empty ones to what changes nothing", () => {
  const cases: [F.SegmentReduction, Nested, Nested][] = [
    ["sum", [[1, 2], [0, 0], [15, 10]], [[1, 2], [3, 4], [3, 4], [3, 4]]],
    ["mean", [[1, 2], [NaN, NaN], [5, 10 / 3]], [[1, 2], [1, 4 / 3], [1, 4 / 3], [1, 4 / 3]]],
    ["max", [[1, 2], [-Infinity, -Infinity], [7, 8]], [[1, 2], [0, 0], [0, 0], [3, 4]]],
    ["prod", [[1, 2], [1, 1], [105, -192]], [[1, 2], [105, 192], [63, -128], [45, -96]]],
  ];
  for (const [reduce, result, gradient] of cases) {
    const x = tensor([[1, 2], [3, -4], [5, 6], [7, 8]], { requiresGrad: true });
    const y = F.segmentReduce(x, reduce, { lengths: tensor([1, 0, 3]) });
    assertTensor(y, result, 1e-6);
    y.indexSelect(0, tensor([0, 2])).mul(tensor([[1, 2], [3, 4]])).sum().backward();
    assertTensor(gradOf(x), gradient, 1e-6);
  }
});

Deno.test("segmentReduce takes batches, offsets and a start", () => {
  const x = arange(6, { dtype: "float32" }).reshape(2, 3);
  const lengths = tensor([[1, 2], [3, 0]]);
  assertTensor(F.segmentReduce(x, "sum", { lengths, axis: 1, initial: 10 }), [[10, 13], [22, 10]]);
  assertTensor(F.segmentReduce(x, "min", { offsets: tensor([[0, 1, 3], [0, 3, 3]]), axis: 1, initial: 4 }), [
    [0, 1],
    [3, 4],
  ]);
  assertTensor(F.segmentReduce(tensor([1.5, 2, 4, 8]), "sum", { lengths: tensor([1, 1]), unsafe: true }), [1.5, 2]);
});

Deno.test("segmentReduce refuses lengths that do not fit", () => {
  const x = tensor([1.5, 2, 3]);
  assertThrows(() => F.segmentReduce(x, "sum", { lengths: tensor([1, 1]) }), ValueError, "their sum 3");
  assertThrows(() => F.segmentReduce(x, "sum", { lengths: tensor([4, -1]) }), ValueError, "negative");
  assertThrows(() => F.segmentReduce(x, "sum", {}), ValueError, "lengths or offsets");
  assertThrows(() => F.segmentReduce(x, "sum", { lengths: tensor([[3]]) }), ShapeError, "must have shape");
});
