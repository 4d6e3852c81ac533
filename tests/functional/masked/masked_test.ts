import { assertEquals, assertThrows } from "@std/assert";
import { explain, IndexError, masked, ShapeError, tensor, ValueError, zeros } from "../../../mod.ts";
import { assertTensor, gradOf, testOnDevices } from "../../tensor/expect.ts";

const x = () => tensor([[1.5, -2, 3], [0.5, 4, -1]]);
const mask = () => tensor([[true, false, true], [false, false, false]]);

// torch.masked.<name>(x, 1, mask=mask)
testOnDevices("masked reductions leave out what the mask does, and have a value where nothing is left", () => {
  const options = { mask: mask() };
  assertTensor(masked.sum(x(), 1, options), [4.5, 0]);
  assertTensor(masked.prod(x(), 1, options), [4.5, 1]);
  assertTensor(masked.amax(x(), 1, options), [3, -Infinity]);
  assertTensor(masked.amin(x(), 1, options), [1.5, Infinity]);
  assertTensor(masked.mean(x(), 1, options), [2.25, NaN]);
  assertTensor(masked.var(x(), 1, options), [1.125, NaN], 1e-6);
  assertTensor(masked.std(x(), 1, { ...options, unbiased: false }), [0.75, NaN], 1e-6);
  assertTensor(masked.logsumexp(x(), 1, options), [3.20141339302063, -Infinity], 1e-6);
  assertTensor(masked.norm(x(), 2, 1, options), [3.3541, 0], 1e-4);
  assertTensor(masked.argmax(x(), 1, options), [2, 0]);
  assertTensor(masked.median(x(), 1, options), [1.5, NaN]);
});

// torch.masked.<name>(x, -1, mask=mask[:1])
testOnDevices("masked operations along a dimension broadcast their mask", () => {
  const options = { mask: tensor([[true, false, true]]) };
  const low = 0.18242551386356354, high = 0.8175744414329529;
  assertTensor(masked.softmax(x(), -1, options), [[low, 0, high], [high, 0, low]], 1e-6);
  assertTensor(masked.logSoftmax(x(), -1, options), [
    [-1.7014133930206299, -Infinity, -0.2014133334159851],
    [-0.2014133334159851, -Infinity, -1.7014133930206299],
  ], 1e-6);
  assertTensor(masked.softmin(x(), -1, options), [[high, 0, low], [low, 0, high]], 1e-6);
  assertTensor(masked.cumsum(x(), -1, options), [[1.5, 1.5, 4.5], [0.5, 0.5, -0.5]]);
  assertTensor(masked.cumprod(x(), -1, options), [[1.5, 1.5, 4.5], [0.5, 0.5, -0.5]]);
  assertTensor(masked.normalize(x(), 2, -1, { mask: mask() }), [[0.4472, 0, 0.8944], [0, 0, 0]], 1e-4);
  const others = mask().logicalNot();
  const sum = masked.logaddexp(x(), x().add(1), { inputMask: mask(), otherMask: others });
  assertTensor(sum, [[1.5, -1, 3], [1.5, 5, 0]], 1e-6);
});

// (torch.masked.var(x, 1, True, mask=torch.tensor([True, False, True])) * torch.tensor([1., 2.])).sum().backward()
testOnDevices("no gradient reaches what is masked out", () => {
  const leaf = tensor([[1.5, -2, 3], [0.5, 4, -1]], { requiresGrad: true });
  masked.var(leaf, 1, { mask: tensor([true, false, true]) }).mul(tensor([1, 2])).sum().backward();
  assertTensor(gradOf(leaf), [[-1.5, 0, 1.5], [3, 0, -3]], 1e-6);
});

Deno.test("masked reductions take empty and 0-d tensors, and integers", () => {
  const columns = tensor([true, false, true]);
  assertTensor(masked.sum(zeros([0, 3]), 0, { mask: columns }), [0, 0, 0]);
  assertTensor(masked.mean(zeros([0, 3]), 0, { mask: columns }), [NaN, NaN, NaN]);
  assertTensor(masked.sum(tensor(2.5), { mask: tensor(false) }), 0);
  assertTensor(masked.mean(tensor([1, 2, 5]), { mask: columns }), 3);
  assertTensor(masked.median(tensor([1, 2, 5]), { mask: columns }), 1);
  assertEquals(masked.argmin(tensor([1.5, 0.5]), 0).dtype, "float32");
});

Deno.test("a mask must broadcast to the input", () => {
  assertThrows(() => masked.sum(tensor([1, 2]), { mask: mask() }), IndexError, "more dimensions");
  assertThrows(() => masked.sum(tensor([[1], [2]]), { mask: mask() }), ShapeError, "broadcast to the input");
  assertThrows(() => masked.median(tensor([1, 2]), { mask: tensor([false, false]) }), ValueError, "float32");
});

Deno.test("a masked softmax and a masked variance are one kernel", () => {
  const source = x(), options = { mask: mask() };
  assertEquals(explain(masked.softmax(source, -1, options)).match(/^ *kernel /gm)?.length, 1);
  assertEquals(explain(masked.var(source, -1, options)).match(/^ *kernel /gm)?.length, 1);
});
