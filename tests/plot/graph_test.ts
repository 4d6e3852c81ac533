import { assert, assertEquals, assertThrows } from "@std/assert";
import { AutogradError, functional as F, nn, noGrad, ones, randn, tensor } from "../../mod.ts";
import * as plot from "../../plot/mod.ts";
import { testOnDevices } from "../tensor/expect.ts";
import { textsOf } from "./pictures.ts";

const arrowsOf = ({ svg }: plot.Figure) => svg.match(/<path d="[^"]*" fill="none"/g)?.length ?? 0;

testOnDevices("graph() shows the functions behind a tensor, and leaves by name", () => {
  const model = new nn.Linear(3, 2, { bias: false });
  const x = ones([4, 3], { requiresGrad: true }), unnamed = ones([4, 2]).requiresGrad_();
  const figure = plot.graph(model(x).mul(unnamed).relu().sum(), { names: { weight: model.weight, x } });
  const texts = textsOf(figure);
  for (
    const text of ["weight", "x", "[4, 3]", "[4, 2]", "LinearBackward0", "MulBackward0", "SumBackward0", "result", "[]"]
  ) {
    assert(texts.includes(text), `${texts} has no ${text}`);
  }
  assert(/an autograd graph of \d functions and 3 leaves$/.test(figure.description), figure.description);
  assertEquals(textsOf(plot.graph(model(x).sum(), { names: model })).filter((text) => text === "weight").length, 1);
});

Deno.test("graph() draws an edge once, and only so many functions", () => {
  const x = tensor([1.5], { requiresGrad: true });
  assertEquals(arrowsOf(plot.graph(x.mul(x))), 2);
  let y = x;
  for (let i = 0; i < 400; i++) y = y.add(1);
  const deep = plot.graph(y);
  assert(
    deep.description.endsWith(
      "an autograd graph of 400 functions and 1 leaf; The last 300 of 401 functions and leaves",
    ),
  );
  assertEquals(arrowsOf(deep), 300);
});

Deno.test("graph() refuses tensors without a function", () => {
  const x = tensor([1.5], { requiresGrad: true });
  for (const leaf of [x, tensor(1), noGrad(() => x.mul(2))]) {
    assertThrows(() => plot.graph(leaf), AutogradError, "it is a leaf");
  }
});

testOnDevices("kernels() shows what explain() says, and what flows between kernels", () => {
  const x = randn([64, 10]), target = ones([64]).long();
  x.add(0).sum().item();
  const figure = plot.kernels(F.crossEntropy(x, target));
  const texts = textsOf(figure).map((text) => text.replaceAll("\u00a0", " "));
  assert(texts.some((text) => text.startsWith("kernel 0: max; sum of sub, exp [64, 10]")), texts.join("\n"));
  assert(texts.includes("  for i1 < 10: acc0 = max of b0[((i0 * 10) + i1)]"), texts.join("\n"));
  assert(texts.includes("float32[64, 10]") && texts.includes("result") && texts.includes("float32[]"));
  assert(/2 kernels on (cpu|webgpu), of \d+ operations and leaves$/.test(figure.description));
});

Deno.test("kernels() shows what is written in place, and what has no kernel", () => {
  const x = ones([4]);
  x.sum().item();
  x.mul_(2);
  const figure = plot.kernels([x, x.sum()]);
  assert(textsOf(figure).filter((text) => text === "result").length === 2, figure.description);
  const there = plot.kernels(tensor([1, 2]));
  assertEquals(textsOf(there), ["%0", "int32[2]"]);
});
