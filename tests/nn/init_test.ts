import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { empty, manualSeed, nn, ShapeError, type Tensor, zeros } from "../../mod.ts";
import golden from "../golden/networks.json" with { type: "json" };

const { init } = nn;
const fills: Record<string, (w: Tensor) => Tensor> = {
  uniform_: (w) => init.uniform_(w, -0.2, 0.3),
  normal_: (w) => init.normal_(w, { mean: 0.5, std: 0.1 }),
  truncNormal_: (w) => init.truncNormal_(w, { std: 0.7, a: -1, b: 0.5 }),
  constant_: (w) => init.constant_(w, 0.25),
  ones_: init.ones_,
  zeros_: init.zeros_,
  eye_: init.eye_,
  xavierUniform_: (w) => init.xavierUniform_(w, { gain: 1.5 }),
  xavierNormal_: (w) => init.xavierNormal_(w),
  kaimingUniform_: (w) => init.kaimingUniform_(w, { mode: "fan_out", nonlinearity: "relu" }),
  kaimingNormal_: (w) => init.kaimingNormal_(w, { a: 0.3 }),
  orthogonal_: (w) => init.orthogonal_(w, { gain: 2 }),
};

for (const [name, expected] of Object.entries(golden.inits)) {
  Deno.test(`init.${name} fills as PyTorch does`, () => {
    manualSeed(5);
    [[4, 6], [6, 4]].forEach((shape, i) => {
      const filled = fills[name]!(new nn.Parameter(empty(shape))).dataSync();
      const tolerance = name === "truncNormal_" || name === "orthogonal_" ? 2e-6 : 0;
      expected[i]!.forEach((value, j) => assertAlmostEquals(filled[j]!, value, tolerance));
    });
  });
}

Deno.test("calculateGain knows PyTorch's gains", () => {
  assertEquals(init.calculateGain("tanh"), 5 / 3);
  assertEquals(init.calculateGain("leaky_relu", 0.2), Math.sqrt(2 / 1.04));
  assertEquals(init.calculateGain("sigmoid"), 1);
});

Deno.test("init refuses shapes without fans", () => {
  assertThrows(() => init.xavierUniform_(zeros([3])), ShapeError, "fan in");
  assertThrows(() => init.orthogonal_(zeros([3])), ShapeError, "orthogonal");
  assertThrows(() => init.eye_(zeros([3])), ShapeError, "matrix");
});
