import { assertEquals, assertThrows } from "@std/assert";
import {
  arange,
  bartlettWindow,
  blackmanWindow,
  DTypeError,
  emptyStrided,
  hammingWindow,
  hannWindow,
  kaiserWindow,
  ShapeError,
  tensor,
  trilIndices,
  triuIndices,
} from "../../mod.ts";
import { assertTensor } from "./expect.ts";

// torch.bartlett_window(5), torch.blackman_window(5), torch.hamming_window(5, True, 0.5, 0.5), torch.hann_window(5, False),
// torch.kaiser_window(5, True, 6.)
Deno.test("windows are periodic unless asked otherwise", () => {
  assertTensor(bartlettWindow(5), [0, 0.4, 0.8, 0.8, 0.4], 1e-6);
  assertTensor(blackmanWindow(5), [0, 0.20077013, 0.84922987, 0.84922987, 0.20077013], 1e-6);
  assertTensor(hammingWindow(5, { alpha: 0.5, beta: 0.5 }), [0, 0.3454915, 0.9045085, 0.9045085, 0.3454915], 1e-6);
  assertTensor(hannWindow(5, false), [0, 0.5, 1, 0.5, 0], 1e-6);
  assertTensor(kaiserWindow(5, true, { beta: 6 }), [0.01487334, 0.3390181, 0.8954, 0.8954, 0.3390181], 1e-6);
});

Deno.test("windows of one and of no element, and of other dtypes", () => {
  assertTensor(hannWindow(1), [1]);
  assertTensor(hannWindow(0), []);
  assertEquals(hannWindow(3, { dtype: "float64" }).dtype, "float64");
  assertThrows(() => hannWindow(3, { dtype: "int32" }), DTypeError);
  assertThrows(() => hannWindow(-1), ShapeError);
});

// torch.arange(0., -8.000001, -4., dtype=...)
Deno.test("ranges take their step by name, and are computed from integers for integers", () => {
  assertTensor(arange(1, 6, { step: 2 }), [1, 3, 5]);
  assertTensor(arange(0, -8.000001, -4, { dtype: "float32" }), [0, -4, -8]);
  assertTensor(arange(0, -8.000001, -4, { dtype: "int32" }), [0, -4]);
});

Deno.test("triangle indices take their offset by position or by name", () => {
  assertTensor(trilIndices(2, 2, { offset: -1 }), [[1], [0]]);
  assertTensor(triuIndices(2, 2, 1), [[0], [1]]);
});

Deno.test("emptyStrided holds zeros, whatever its strides", () => {
  assertTensor(emptyStrided([1, 2], [7, 1]), [[0, 0]]);
  assertEquals(tensor([1]).newEmptyStrided([2], [3]).dtype, "int32");
  assertThrows(() => emptyStrided([1, 2], [7]), ShapeError);
});
