import { assertEquals, assertThrows } from "@std/assert";
import { DTypeError, functional as F, ShapeError, tensor, ValueError, zeros } from "../../../mod.ts";
import { assertTensor, testOnDevices } from "../../tensor/expect.ts";

const x = () => tensor([0.5, 1, 2.5, 4, -1, 3, 3]);
const weight = () => tensor([1, 2, 3, 4, 5, 6, 0.5]);

// torch.histc(x, 4, 0, 4), torch.histc(x, 3), torch.histogram(x, torch.tensor([0., 1, 3, 4])),
// torch.histogram(x, 2, weight=weight, density=True)
testOnDevices("histograms count into bins of which the last includes its end", () => {
  assertTensor(F.histc(x(), { bins: 4, min: 0, max: 4 }), [1, 1, 1, 3]);
  assertTensor(F.histc(x(), 3), [2, 1, 4]);
  assertTensor(F.histogram(x(), tensor([0, 1, 3, 4]))[0], [1, 2, 3]);
  const { hist, binEdges } = F.histogram(x(), 2, { weight: weight(), density: true });
  assertTensor(hist, [0.1488, 0.2512], 1e-4);
  assertTensor(binEdges, [-1, 1.5, 4]);
});

// torch.histogramdd(points, [2, 2], range=[0., 2, 0, 2], density=True)
testOnDevices("histogramdd counts over a grid", () => {
  const points = tensor([[0.5, 0.5], [0.5, 1.5], [1.5, 1.5], [2, 2]]);
  const [hist, edges] = F.histogramdd(points, 2, { range: [0, 2, 0, 2], density: true });
  assertTensor(hist, [[0.25, 0.25], [0, 0.5]]);
  assertTensor(edges[1]!, [0, 1, 2]);
});

Deno.test("histograms of one value, of none and of what lies outside", () => {
  assertTensor(F.histc(tensor([1, 1, 1], { dtype: "float32" }), 2), [0, 3]);
  assertTensor(F.histogram(tensor(1.5), 1).binEdges, [1, 2]);
  assertTensor(F.histc(zeros(0), 3), [0, 0, 0]);
  assertTensor(F.histogram(zeros(0), 2, { density: true }).hist, [NaN, NaN]);
  assertTensor(F.histc(tensor([1, NaN, 9.5]), 2, 0, 2), [0, 1]);
});

Deno.test("histograms refuse what PyTorch refuses", () => {
  assertThrows(() => F.histc(x(), 4, 2, 1), ValueError, "max must be above min");
  assertThrows(() => F.histc(tensor([1, NaN])), ValueError, "finite");
  assertThrows(() => F.histogram(x(), 0), ValueError, "0 bins");
  assertThrows(() => F.histogram(tensor([1, 2]), 2), DTypeError, "float32");
  assertThrows(() => F.histogram(x(), 2, { weight: zeros(3) }), ShapeError, "weights");
  assertThrows(() => F.histogramdd(zeros(4, 3), [2, 2]), ShapeError, "3 coordinates");
  assertEquals(F.histogram(x(), 2, { range: [0, 0] }).binEdges.tolist(), [-0.5, 0, 0.5]);
});
