import { assert, assertEquals, assertThrows } from "@std/assert";
import { histogram as counts, manualSeed, nn, noGrad, ones, randn, ShapeError, tensor, ValueError } from "../../mod.ts";
import * as plot from "../../plot/mod.ts";
import { testOnDevices } from "../tensor/expect.ts";
import { dotsOf, imagesOf, textsOf } from "./pictures.ts";

/** The heights of a histogram's bars in pixels. */
function barsOf({ svg }: plot.Figure): number[] {
  const bars = svg.match(/<g[^>]*fill-opacity[^>]*>((?:<rect[^>]*>)+)/)?.[1] ?? "";
  return [...bars.matchAll(/height="([\d.]+)"/g)].map(([, height]) => Number(height));
}

testOnDevices("histogram() counts as histogram() of the library does", () => {
  manualSeed(0);
  const x = randn([50, 20]), bins = 10;
  const expected = counts(x.flatten(), bins).hist.tolist() as number[];
  const heights = barsOf(plot.histogram(x, { bins }));
  const most = Math.max(...expected), highest = Math.max(...heights);
  assertEquals(heights.length, expected.filter((count) => count > 0).length);
  expected.filter((count) => count > 0).forEach((count, i) => {
    assert(Math.abs(heights[i]! / highest - count / most) < 0.01, `bar ${i}: ${heights[i]} for ${count}`);
  });
});

Deno.test("histogram() shows densities, several groups, and what it can't count", () => {
  const figure = plot.histogram({ a: [0, 1, NaN], b: [5, 100] }, { range: [0, 10], density: true, bins: 5 });
  const texts = textsOf(figure);
  assertEquals(texts.slice(0, 2), ["a", "b"]);
  assert(texts.includes("density") && texts.includes("1 of 5 values is not finite"));
  assert(texts.includes("1 of 5 values is out of range"));
  assert(textsOf(plot.histogram([])).includes("no values"));
  assert(textsOf(plot.histogram([NaN])).includes("no finite value"));
  assertEquals(barsOf(plot.histogram([3, 3, 3])).length, 1);
  assertThrows(() => plot.histogram([1], { bins: 0 }), ValueError, "0 bins");
  assertThrows(() => plot.histogram([1], { range: [1, 1] }), ValueError, "[1, 1]");
});

testOnDevices("heatmap() gives each value its colour, row 0 above", () => {
  const figure = plot.heatmap(tensor([[0, 1], [0.5, NaN]]), { colors: "greys", range: [0, 1] });
  const [cells, bar] = imagesOf(figure);
  assertEquals([...cells!.shape], [3, 2, 2]);
  const [[white, black], [middle, grey]] = cells!.at(0).tolist() as [[number, number], [number, number]];
  assertEquals([white, black, grey], [255, 0, 190]);
  assert(middle > 100 && middle < 200, `${middle}`);
  // The colour bar has the largest value above.
  assertEquals([bar!.at(0, 0, 0).item(), bar!.at(0, -1, 0).item()], [0, 255]);
  assertEquals(textsOf(figure).slice(0, 4), ["0", "1", "0.5", "NaN"]);
  assert(textsOf(figure).includes("1 of 4 values is not finite"));
});

Deno.test("heatmap() is white at 0 where there are values on both sides", () => {
  const [cells] = imagesOf(plot.heatmap([[-1, 0, 2]]));
  const [red, green, blue] = [0, 1, 2].map((channel) => cells!.at(channel, 0).tolist() as number[]);
  assert(blue![0]! > red![0]! && red![2]! > blue![2]! && Math.min(red![1]!, green![1]!, blue![1]!) > 230);
});

Deno.test("heatmap() draws large matrices in blocks, and names rows and columns", () => {
  const large = plot.heatmap(ones([1024, 3]));
  assertEquals([...imagesOf(large)[0]!.shape], [3, 512, 2]);
  assert(textsOf(large).includes("Each cell is the mean of a block of 2 by 2 of 3,072 values"));
  const named = textsOf(plot.heatmap([[1, 2]], { rows: ["r"], columns: ["c", "d"], values: false }));
  assert(["r", "c", "d"].every((name) => named.includes(name)));
  assert(textsOf(plot.heatmap([])).includes("no values"));
  assertThrows(() => plot.heatmap([[1, 2]], { columns: ["c"] }), ValueError, "2 columns with 1 names");
  assertThrows(() => plot.heatmap([[1, 2], [3]]), ShapeError, "row 1 has 1 numbers, row 0 has 2");
  assertThrows(() => plot.heatmap(ones([2, 2, 2])), ShapeError, "[2, 2, 2]");
  assertThrows(() => plot.heatmap([[1]], { colors: "jet" as "greys" }), ValueError, "the schemes are viridis");
});

testOnDevices("image() draws pictures and grids as make_grid lays them out", () => {
  const x = tensor([[[[0, 1]]], [[[1, 0]]]]).float();
  const [grid] = imagesOf(plot.image(x, { padding: 1, padValue: 1, nrow: 2 }));
  assertEquals(grid!.at(0).div(255).long().tolist(), [[1, 1, 1, 1, 1, 1, 1], [1, 0, 1, 1, 1, 0, 1], [
    1,
    1,
    1,
    1,
    1,
    1,
    1,
  ]]);
  const captioned = plot.image(x, { captions: ["a", "b"] });
  assertEquals(textsOf(captioned), ["a", "b"]);
  assertEquals(imagesOf(captioned).map((image) => image.at(0).div(255).long().tolist()), [[[0, 1]], [[1, 0]]]);
});

Deno.test("image() enlarges by a whole number, and stops at 256 pictures", () => {
  const figure = plot.image(ones([4, 6]), { scale: 10, title: "Grey" });
  assertEquals([figure.width, figure.height, textsOf(figure)], [92, 92, ["Grey"]]);
  const many = plot.image(ones([300, 1, 2, 2]), { padding: 0, nrow: 16 });
  assertEquals([...imagesOf(many)[0]!.shape], [3, 32, 32]);
  assertEquals(many.description.split("; ")[1], "The first 256 of 300 pictures");
  assertThrows(() => plot.image(ones([2, 1, 2, 2]), { captions: ["a"] }), ValueError, "1 captions above 2 pictures");
  assertThrows(() => plot.image(ones([5])), ShapeError, "[C, H, W]");
});

testOnDevices("scatter() colours points by class and the plane by the model's decisions", () => {
  const points = tensor([[-1, 0], [1, 0], [1, 1], [NaN, 1]]), classes = tensor([0, 1, 1, 1]);
  const figure = plot.scatter(points, { classes, names: ["left", "right"], regions: (x) => x.at(":", 0) });
  assertEquals(dotsOf(figure), { "#1f77b4": 1, "#ff7f0e": 2 });
  assertEquals(textsOf(figure).slice(0, 2), ["left", "right"]);
  assert(textsOf(figure).includes("1 of 4 points not drawn: not finite"));
  const [plane] = imagesOf(figure);
  const red = plane!.at(0, 60).tolist() as number[];
  // Blue is paler red than orange is.
  assertEquals(new Set(red.slice(0, 79)).size, 1);
  assertEquals(new Set(red.slice(81)).size, 1);
  assert(red[0]! < red.at(-1)!);
});

Deno.test("scatter() calls a module in evaluation mode and leaves it as it was", () => {
  const model = new nn.Sequential(new nn.Linear(2, 4), new nn.Dropout(0.9), new nn.Linear(4, 3));
  model[1]!.eval();
  const seen: boolean[] = [];
  model.registerForwardPreHook((module) => void seen.push(module.training));
  plot.scatter([[0, 1], [1, 0]], { regions: model });
  assertEquals([seen, model.training, model[1]!.training], [[false], true, false]);
  assertThrows(() => plot.scatter([[0, 1]], { regions: () => ones([3, 2]) }), ShapeError, "3 rows for 19200 points");
});

Deno.test("scatter() thins many points, and refuses what are no points", () => {
  const many = noGrad(() => plot.scatter(randn([12_000, 2])));
  assertEquals(dotsOf(many), { "#1f77b4": 4000 });
  assert(textsOf(many).includes("4,000 of 12,000 points drawn, evenly spaced"));
  assert(textsOf(plot.scatter([])).includes("no points"));
  assertThrows(() => plot.scatter([[1, 2, 3]]), ShapeError, "[1, 3]");
  assertThrows(() => plot.scatter([[1, 2]], { classes: [0, 1] }), ShapeError, "1 points with 2 classes");
  assertThrows(() => plot.scatter([[1, 2]], { classes: [0.5] }), ValueError, "element 0 is 0.5");
  assertThrows(() => plot.scatter([[1, 2]], { classes: [2], names: ["a"] }), ValueError, "names for 1 classes");
});

testOnDevices("confusionMatrix() counts, row by row of the truth", () => {
  const target = tensor([0, 0, 1, 2, 2, 2]),
    scores = tensor([[3, 1, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 0, 9]]);
  const names = ["cat", "dog", "cow"];
  const figure = plot.confusionMatrix(target, scores.float(), { names });
  const rows = Deno.inspect(figure).split("\n").slice(4, 7).map((row) => row.trim().split(/ +/));
  assertEquals(rows, [["cat", "1", "1", "0"], ["dog", "0", "1", "0"], ["cow", "1", "0", "2"]]);
  assert(figure.description.startsWith("Figure 480x420: a confusion matrix of 6 predictions, 66.7% right\n"));
  const shares = (normalize: "true" | "pred" | "all") =>
    textsOf(plot.confusionMatrix(target, scores.float(), { normalize })).slice(0, 9);
  assertEquals(shares("true"), ["0.5", "0.5", "0", "0", "1", "0", "0.333", "0", "0.667"]);
  assertEquals(shares("pred").slice(6), ["0.5", "0", "1"]);
  assertEquals(shares("all").slice(6), ["0.167", "0", "0.333"]);
});

Deno.test("confusionMatrix() refuses what are no classes", () => {
  assertThrows(() => plot.confusionMatrix([0, 1], [0]), ShapeError, "2 targets and 1 predictions");
  assertThrows(() => plot.confusionMatrix([-1], [0]), ValueError, "element 0 is -1");
  assert(textsOf(plot.confusionMatrix([], [])).includes("no values"));
});
