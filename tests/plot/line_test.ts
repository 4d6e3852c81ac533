import { assert, assertEquals, assertThrows } from "@std/assert";
import { ShapeError, tensor, ValueError } from "../../mod.ts";
import * as plot from "../../plot/mod.ts";
import { testOnDevices } from "../tensor/expect.ts";
import { curvesOf, dotsOf, textsOf } from "./pictures.ts";

testOnDevices("line() draws a tensor, its columns, or curves by name", () => {
  const y = tensor([0, 10, 5], { requiresGrad: false }).float();
  const [curve] = curvesOf(plot.line(y));
  const [[first, second, third]] = curve!.pieces as [[number, number][]];
  assert(first![0] < second![0] && second![0] - first![0] === third![0] - second![0]);
  // The axis is from 0 to 10: the third point lies in the middle.
  assertEquals(third![1], (first![1] + second![1]) / 2);
  const columns = plot.line(tensor([[1, 2], [3, 4]]));
  assertEquals([curvesOf(columns).length, textsOf(columns).slice(0, 2)], [2, ["0", "1"]]);
  const named = plot.line({ train: y, test: { x: [0, 2], y: [1, 2] } }, {
    title: "T",
    xLabel: "epoch",
    yLabel: "loss",
  });
  const texts = textsOf(named);
  for (const text of ["T", "train", "test", "epoch", "loss", "10"]) {
    assert(texts.includes(text), `${texts} has no ${text}`);
  }
  assertEquals(named.description, 'Figure 640x400 "T": curves train (3 points), test (2 points)');
  assertEquals(new Set(curvesOf(named).map(({ color }) => color)).size, 2);
});

Deno.test("line() leaves gaps where values are not finite, and says how many", () => {
  const figure = plot.line([1, 2, NaN, 4, Infinity, 6, 7]);
  assertEquals(curvesOf(figure)[0]!.pieces.map((piece) => piece.length), [2, 1, 2]);
  assert(textsOf(figure).includes("2 of 7 points not drawn: not finite"));
  assert(figure.description.endsWith("; 2 of 7 points not drawn: not finite"));
  const log = plot.line([1, 0, -1, 1000], { yScale: "log" });
  assert(textsOf(log).includes("2 of 4 points not drawn: not finite and above 0"));
  assert(textsOf(log).includes("1000"));
});

Deno.test("line() says in words that there is nothing to draw", () => {
  assert(textsOf(plot.line([])).includes("no points"));
  assert(textsOf(plot.line([NaN, -Infinity])).includes("no point that can be drawn"));
});

Deno.test("line() draws a point, a constant and a lonely point as dots", () => {
  assertEquals(dotsOf(plot.line([5])), { "#1f77b4": 1 });
  assertEquals(dotsOf(plot.line([2, 2, 2])), { "#1f77b4": 3 });
  const lonely = Array.from({ length: 100 }, (_, i) => i === 50 ? 1 : NaN);
  assertEquals(dotsOf(plot.line(lonely)), { "#1f77b4": 1 });
  assertEquals(dotsOf(plot.line(Array.from({ length: 100 }, (_, i) => i))), {});
});

Deno.test("line() thins long curves and loses no peak and no gap", () => {
  const y = Float64Array.from(
    { length: 100_000 },
    (_, i) => i === 54_321 ? 7 : i === 77_777 ? NaN : Math.sin(i / 5000),
  );
  const { pieces } = curvesOf(plot.line(y))[0]!;
  assertEquals(pieces.length, 2);
  const points = pieces.flat();
  assert(points.length <= 5000, `${points.length}`);
  const highest = points.reduce((best, point) => point[1] < best[1] ? point : best);
  const low = Float64Array.from({ length: 100_000 }, (_, i) => i === 50_000 ? -9 : i === 50_001 ? NaN : 0);
  assert(textsOf(plot.line(low)).includes("−9"), `${textsOf(plot.line(low))}`);
  const lowest = (y: ArrayLike<number>) =>
    Math.max(...curvesOf(plot.line(y))[0]!.pieces.flat().map(([, height]) => height));
  assertEquals(lowest(low), lowest([0, -9, NaN]));
  const [left, right] = [points[0]![0], points.at(-1)![0]];
  assert(Math.abs((highest[0] - left) / (right - left) - 0.54321) < 0.001, `${highest}`);
});

Deno.test("line() repeats colours with dashes", () => {
  const figure = plot.line(Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`c${i}`, [i, i + 1]])));
  assertEquals(figure.svg.match(/stroke-dasharray="4,3"/g)?.length, 4);
});

Deno.test("line() writes whole steps as such, and very small and large numbers with an exponent", () => {
  const steps = textsOf(plot.line([1, 2, 3]));
  assert(["0", "1", "2"].every((step) => steps.includes(step)) && !steps.includes("0.5"), `${steps}`);
  assert(textsOf(plot.line([1e-12, 2e-12])).includes("2e-12"));
  assert(textsOf(plot.line([1e9, 3e9])).includes("3e9"));
});

Deno.test("line() refuses what is no curve", () => {
  assertThrows(() => plot.line([1, 2], { x: [1] }), ShapeError, "it has 2 heights and 1 places");
  assertThrows(() => plot.line(tensor([[[1]]])), ShapeError, "[1, 1, 1]");
  assertThrows(() => plot.line({}), ValueError, "at least one");
  assertThrows(
    () => plot.line({ loss: [1, tensor(2)] as unknown as number[] }),
    ValueError,
    "the curve loss: element 1 is a tensor",
  );
  assertThrows(() => plot.line(["a"] as unknown as number[]), ValueError, "element 0 is a string");
});
