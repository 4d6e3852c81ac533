/** Expected values are PyTorch's (1.13). */

import { assertEquals, assertThrows } from "@std/assert";
import {
  arange,
  type Index,
  IndexError,
  ShapeError,
  slice,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from "../../mod.ts";
import { assertTensor, gradOf, type Nested, testOnDevices } from "./expect.ts";

const T = true, F = false;

testOnDevices("at() reads what PyTorch's brackets read", () => {
  const x = arange(24).reshape(2, 3, 4);
  const cases: [Index[], Nested][] = [
    [[1], [[12, 13, 14, 15], [16, 17, 18, 19], [20, 21, 22, 23]]],
    [[-1, ":", 0], [12, 16, 20]],
    [["...", slice(1, 3)], [[[1, 2], [5, 6], [9, 10]], [[13, 14], [17, 18], [21, 22]]]],
    [[":", null, 1], [[[4, 5, 6, 7]], [[16, 17, 18, 19]]]],
    [[":", "::2", "-3:"], [[[1, 2, 3], [9, 10, 11]], [[13, 14, 15], [21, 22, 23]]]],
    [[[1, 0]], [
      [[12, 13, 14, 15], [16, 17, 18, 19], [20, 21, 22, 23]],
      [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]],
    ]],
    [[":", [2, 0]], [[[8, 9, 10, 11], [0, 1, 2, 3]], [[20, 21, 22, 23], [12, 13, 14, 15]]]],
    [[":", [2, 0], [1, 1]], [[9, 1], [21, 13]]],
    [[[1, 0], ":", [0, 3]], [[12, 16, 20], [3, 7, 11]]],
    [[[[0], [1]], [0, 2]], [[[0, 1, 2, 3], [8, 9, 10, 11]], [[12, 13, 14, 15], [20, 21, 22, 23]]]],
    [[0, ":", [0, 3]], [[0, 3], [4, 7], [8, 11]]],
    [[[1, 0], 0], [[12, 13, 14, 15], [0, 1, 2, 3]]],
    [[":", null, [0, 2]], [[[[0, 1, 2, 3], [8, 9, 10, 11]]], [[[12, 13, 14, 15], [20, 21, 22, 23]]]]],
    [[[0, 1], null, [0, 2]], [[[0, 1, 2, 3]], [[20, 21, 22, 23]]]],
    [[[-1, -2], 0, 0], [12, 0]],
    [[x.gt(20)], [21, 22, 23]],
    [[[T, F]], [[[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]]],
    [[":", [T, F, T]], [[[0, 1, 2, 3], [8, 9, 10, 11]], [[12, 13, 14, 15], [20, 21, 22, 23]]]],
    [[[T, T], [0, 1]], [[0, 1, 2, 3], [16, 17, 18, 19]]],
    [[x.at(":", ":", 0).gt(3)], [
      [4, 5, 6, 7],
      [8, 9, 10, 11],
      [12, 13, 14, 15],
      [16, 17, 18, 19],
      [20, 21, 22, 23],
    ]],
    [[":", [[T, T, T, T], [F, F, F, F], [F, T, F, T]]], [[0, 1, 2, 3, 9, 11], [12, 13, 14, 15, 21, 23]]],
    [[tensor(1), [0, 1]], [[12, 13, 14, 15], [16, 17, 18, 19]]],
    [[":", [[0, 1], [1, 2]], "1:3"], [
      [[[1, 2], [5, 6]], [[5, 6], [9, 10]]],
      [[[13, 14], [17, 18]], [[17, 18], [21, 22]]],
    ]],
  ];
  for (const [indices, expected] of cases) assertTensor(x.at(...indices), expected);
});

Deno.test("at() gives PyTorch's shapes for new axes and nothing at all", () => {
  const x = arange(24).reshape(2, 3, 4);
  const shapeOf = (...indices: Index[]) => [...x.at(...indices).shape];
  assertEquals(shapeOf(), [2, 3, 4]);
  assertEquals(shapeOf("...", null), [2, 3, 4, 1]);
  assertEquals(shapeOf("5:"), [0, 3, 4]);
  assertEquals(shapeOf("1:1"), [0, 3, 4]);
  assertEquals(shapeOf(true), [1, 2, 3, 4]);
  assertEquals(shapeOf(false), [0, 2, 3, 4]);
  assertEquals(shapeOf([]), [0, 3, 4]);
  assertEquals(shapeOf([[0, 1], [1, 0]]), [2, 2, 3, 4]);
  assertEquals(shapeOf(x.gt(100)), [0]);
  assertEquals(x.index([1, "...", 0]).tolist(), [12, 16, 20]);
});

function written(write: (y: Tensor) => void): Tensor {
  const y = arange(12, { dtype: "float32" }).reshape(3, 4).clone();
  write(y);
  return y;
}

testOnDevices("setAt() writes what PyTorch's brackets write", () => {
  assertTensor(written((y) => y.setAt([0], 1)), [[1, 1, 1, 1], [4, 5, 6, 7], [8, 9, 10, 11]]);
  assertTensor(written((y) => y.setAt([":", "1:3"], [[1], [2], [3]])), [[0, 1, 1, 3], [4, 2, 2, 7], [8, 3, 3, 11]]);
  assertTensor(written((y) => y.setAt([y.gt(5)], 0)), [[0, 1, 2, 3], [4, 5, 0, 0], [0, 0, 0, 0]]);
  assertTensor(written((y) => y.setAt([[0, 2]], [9, 8, 7, 6])), [[9, 8, 7, 6], [4, 5, 6, 7], [9, 8, 7, 6]]);
  assertTensor(written((y) => y.setAt([[0, 2], [1, 3]], [5, 6])), [[0, 5, 2, 3], [4, 5, 6, 7], [8, 9, 10, 6]]);
  assertTensor(written((y) => y.setAt([":", [3, 0]], [[1, 2]])), [[2, 1, 2, 1], [2, 5, 6, 1], [2, 9, 10, 1]]);
  assertTensor(written((y) => y.setAt([y.gt(8)], [1, 2, 3])), [[0, 1, 2, 3], [4, 5, 6, 7], [8, 1, 2, 3]]);
  assertTensor(written((y) => y.setAt(["0:2"], tensor([[[[1]]]]))), [[1, 1, 1, 1], [1, 1, 1, 1], [8, 9, 10, 11]]);
  assertTensor(
    written((y) => y.reshape(1, 3, 4).setAt([[0, 0], "1:3", [0, 2]], [[-1, -2], [-3, -4]])),
    [[0, 1, 2, 3], [-1, 5, -3, 7], [-2, 9, -4, 11]],
  );
  assertTensor(
    written((y) => y.indexPut_([[0, 0, 2]], [[1, 1, 1, 1], [2, 2, 2, 2], [3, 3, 3, 3]], { accumulate: true })),
    [[3, 4, 5, 6], [4, 5, 6, 7], [11, 12, 13, 14]],
  );
  assertTensor(written((y) => y.setAt(["..."], 2)), [[2, 2, 2, 2], [2, 2, 2, 2], [2, 2, 2, 2]]);
  assertTensor(written((y) => y.setAt([[]], 2)), [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]);
  assertTensor(arange(3).indexPut([1], 7), [0, 7, 2]);
});

Deno.test("setAt() converts values to the tensor's dtype and does not share their memory", () => {
  const x = zeros(3, { dtype: "int32" });
  x.setAt([0], 1.7);
  x.setAt([[1, 2]], tensor([2.5, -3.5]));
  assertTensor(x, [1, 2, -3]);
  const value = tensor([1.5, 2.5]), y = zeros(2);
  y.setAt(["..."], value);
  y.add_(1);
  assertTensor(value, [1.5, 2.5]);
  assertTensor(y, [2.5, 3.5]);
});

testOnDevices("gradients flow through reading and writing by index", () => {
  const weights = tensor([[1, 2, 3], [4, 5, 6]], { dtype: "float32" });
  const leaf = () => arange(6, { dtype: "float32" }).reshape(2, 3).clone().requiresGrad_();
  const x = leaf();
  x.at(":", [0, 2, 2]).mul(tensor([1, 10, 100])).sum().backward();
  assertTensor(gradOf(x), [[1, 0, 110], [1, 0, 110]]);

  const a = leaf(), b = a.mul(2);
  b.setAt([0], b.at(1).mul(3));
  b.setAt([b.gt(20)], 0);
  b.mul(weights).sum().backward();
  assertTensor(gradOf(a), [[0, 0, 0], [14, 10, 12]]);

  const c = leaf(), v = tensor([1, 2], { requiresGrad: true }), d = c.mul(2);
  d.setAt([[0, 1], [1, 2]], v);
  d.mul(weights).sum().backward();
  assertTensor(gradOf(c), [[2, 0, 6], [8, 10, 0]]);
  assertTensor(gradOf(v), [2, 6]);
});

Deno.test("indices out of range and misfits throw at once", () => {
  const x = arange(6).reshape(2, 3);
  assertThrows(() => x.at(5), IndexError, "indices are -2 to 1");
  assertThrows(() => x.at(0, 0, 0), IndexError, "it has 2 dimensions");
  assertThrows(() => x.at([5]), IndexError, "element 5");
  assertThrows(() => x.at([0], [-4]), IndexError, "element -4");
  assertThrows(() => x.at(1.5), IndexError);
  assertThrows(() => x.at("...", "..."), IndexError, "more than once");
  assertThrows(() => x.at([true]), ShapeError, "mask of shape [1]");
  assertThrows(() => x.at("::-1"), ShapeError, "step");
  assertThrows(() => x.at("1:b"), ValueError, "start:stop");
  assertThrows(() => x.setAt([0], [1, 2]), ShapeError, "value of shape [2]");
  assertThrows(() => x.at([0, 1], [0, 1, 2]), ShapeError);
});

testOnDevices("computed indices out of range throw when the result is read", () => {
  const x = arange(6).reshape(2, 3);
  const computed = (...values: number[]) => tensor(values).add(tensor(values.map(() => 1)));
  assertThrows(() => x.at(computed(4)).tolist(), IndexError, "element 5");
  assertThrows(() => x.at(computed(-4)).tolist(), IndexError, "element -3");
  assertThrows(() => x.at(computed(0), computed(3)).tolist(), IndexError, "out of range");
  assertTensor(x.at(computed(0), computed(-2)), [5]);
});
