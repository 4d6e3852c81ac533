import { assert, assertThrows } from "@std/assert";
import {
  arange,
  DTypeError,
  flush,
  functional as F,
  IndexError,
  ShapeError,
  type Tensor,
  tensor,
} from "../../../mod.ts";
import { assertTensor, testOnDevices } from "../../tensor/expect.ts";

function matrix(): Tensor {
  return F.reshape(arange(12, { dtype: "float32" }), [3, 4]).clone();
}

testOnDevices("an index on the host is checked when the operation is called", () => {
  const x = matrix();
  assertThrows(
    () => F.gather(x, 0, tensor([[3]])),
    IndexError,
    "Cannot gather element 3 of a dimension of extent 3: indices are 0 to 2",
  );
  assertThrows(() => F.gather(x, 0, tensor([[-1]])), IndexError, "element -1");
  assertThrows(() => F.indexSelect(x, 1, tensor([4])), IndexError);
  assertThrows(() => F.scatter(x, 0, tensor([[5]]), 1), IndexError);
  assertThrows(() => F.indexAdd(x, 0, tensor([3]), F.narrow(x, 0, 0, 1)), IndexError);
  assertThrows(() => F.take(x, tensor([12])), IndexError, "indices are -12 to 11");
  assertThrows(() => F.oneHot(tensor([3]), 3), IndexError);
});

testOnDevices(
  "an index on the device is checked when the result is read, and the error shows where it was used",
  () => {
    const x = matrix(), computed = F.add(tensor([[0, 1, 2, 2]]), 1);
    const picked = F.gather(x, 0, computed);
    const error = assertThrows(() => picked.tolist(), IndexError, "Cannot gather element 3 of a dimension of extent 3");
    assert(error.stack?.includes("check_index_test.ts"), error.stack);
    const written = F.scatterAdd(x, 0, F.add(tensor([[5]]), 1), tensor([[1]], { dtype: "float32" }));
    assertThrows(() => written.tolist(), IndexError, "Cannot scatterAdd element 6");
  },
);

testOnDevices("an index in range raises nothing", () => {
  assertTensor(F.gather(matrix(), 0, F.add(tensor([[0, 1, 0, 1]]), 1)), [[4, 9, 6, 11]]);
});

testOnDevices("an index can be part of a tensor that was computed in a run before", () => {
  const rows = arange(6).flip(0).reshape(3, 2).t().contiguous();
  flush();
  const some = rows.at("1:");
  flush();
  assertTensor(F.embedding(some, arange(12).reshape(6, 2)), [[[8, 9], [4, 5], [0, 1]]]);
});

Deno.test("an index must be of integers, and have a shape that fits", () => {
  const x = matrix();
  assertThrows(() => F.gather(x, 0, tensor([[1.5]])), DTypeError, 'to("int32")');
  assertThrows(() => F.gather(x, 0, tensor([1])), ShapeError, "as many dimensions");
  assertThrows(() => F.indexSelect(x, 0, tensor([[1]])), ShapeError, "must be a list");
  assertThrows(() => F.scatter(x, 0, tensor([[1]]), tensor([[1]])), DTypeError, "float32");
});
