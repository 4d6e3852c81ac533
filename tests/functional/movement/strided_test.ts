import { assertEquals, assertThrows } from "@std/assert";
import { arange, explain, functional as F, IndexError, noGrad, ShapeError, tensor, zeros } from "../../../mod.ts";
import { assertTensor, gradOf, testOnDevices } from "../../tensor/expect.ts";

const twelve = () => arange(12, { dtype: "float32" }).reshape(3, 4).clone();

// y = torch.as_strided(x, (2, 3), (2, 1), 1); (y * torch.tensor([[1., 2, 3], [4, 5, 6]])).sum().backward()
testOnDevices("asStrided shows elements at strides, and their gradients add up", () => {
  const x = twelve();
  x.requiresGrad = true;
  const y = x.asStrided([2, 3], [2, 1], 1);
  assertTensor(y, [[1, 2, 3], [3, 4, 5]]);
  y.mul(tensor([[1, 2, 3], [4, 5, 6]])).sum().backward();
  assertTensor(gradOf(x), [[0, 1, 2, 7], [5, 6, 0, 0], [0, 0, 0, 0]]);
});

testOnDevices("asStrided is a view: a write to it shows in its base, and one to the base in it", () => {
  const x = twelve(), y = x.asStrided([2, 2], [4, 2], { storageOffset: 1 });
  y.mul_(10);
  assertTensor(x, [[0, 10, 2, 30], [4, 50, 6, 70], [8, 9, 10, 11]]);
  noGrad(() => x.at(0).zero_());
  assertTensor(y, [[0, 0], [50, 70]]);
});

testOnDevices("asStridedScatter leaves its input alone", () => {
  const x = twelve();
  assertTensor(F.asStridedScatter(x, tensor([-1, -2], { dtype: "float32" }), [2], [5], 1), [
    [0, -1, 2, 3],
    [4, 5, -2, 7],
    [8, 9, 10, 11],
  ]);
  assertTensor(x.at(0), [0, 1, 2, 3]);
});

Deno.test("asStrided takes 0-d and empty tensors, and refuses what lies outside", () => {
  assertTensor(F.asStrided(tensor(5), [3], [0]), [5, 5, 5]);
  assertTensor(F.asStrided(twelve(), [], [], 7), 7);
  assertEquals([...F.asStrided(zeros(0), [0, 3], [1, 1]).shape], [0, 3]);
  assertThrows(() => F.asStrided(twelve(), [3, 2], [5, 2]), IndexError, "the last element would be 12 of 12");
  assertThrows(() => F.asStrided(twelve(), [3, 2], [5]), ShapeError, "one integer");
  assertThrows(() => F.asStrided(twelve(), [2], [-1], 3), ShapeError);
});

Deno.test("asStrided copies nothing", () => {
  const sum = F.asStrided(twelve(), [2, 3], [2, 1]).add(1).sum();
  assertEquals(explain(sum).match(/^ *kernel /gm)?.length, 1);
});

testOnDevices("narrowCopy and adjoint: the first does not see writes to its base, the second does", () => {
  const x = twelve(), copy = x.narrowCopy(1, -2, 2), view = x.adjoint();
  x.fill_(7);
  assertTensor(copy, [[2, 3], [6, 7], [10, 11]]);
  assertTensor(view.at(0), [7, 7, 7]);
  assertTensor(x.mH.at(1), [7, 7, 7]);
});
