/**
 * Layers over pooling, padding, vision, distance and margin functions.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { functional as F, manualSeed, nn, ones, randn, ShapeError, tensor, ValueError } from "../../mod.ts";

const printed: [nn.Module, string][] = [
  [new nn.MaxPool2d(3, { stride: 2 }), "MaxPool2d(kernel_size=3, stride=2, padding=0, dilation=1, ceil_mode=False)"],
  [new nn.AvgPool1d(3), "AvgPool1d(kernel_size=(3,), stride=(3,), padding=(0,))"],
  [new nn.AvgPool3d([2, 2, 1]), "AvgPool3d(kernel_size=(2, 2, 1), stride=(2, 2, 1), padding=0)"],
  [new nn.LPPool2d(2, 3), "LPPool2d(norm_type=2, kernel_size=3, stride=None, ceil_mode=False)"],
  [new nn.AdaptiveAvgPool2d([5, null]), "AdaptiveAvgPool2d(output_size=(5, None))"],
  [new nn.MaxUnpool2d(2), "MaxUnpool2d(kernel_size=2, stride=2, padding=0)"],
  [new nn.ZeroPad2d(1), "ZeroPad2d((1, 1, 1, 1))"],
  [new nn.ConstantPad1d(2, 3.5), "ConstantPad1d(padding=(2, 2), value=3.5)"],
  [new nn.Unfold(3), "Unfold(kernel_size=3, dilation=1, padding=0, stride=1)"],
  [new nn.Upsample({ scaleFactor: 2 }), "Upsample(scale_factor=2.0, mode='nearest')"],
  [new nn.PixelShuffle(2), "PixelShuffle(upscale_factor=2)"],
  [new nn.Dropout2d(0.3), "Dropout2d(p=0.3, inplace=False)"],
  [new nn.InstanceNorm2d(3), "InstanceNorm2d(3, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False)"],
  [new nn.LocalResponseNorm(2), "LocalResponseNorm(2, alpha=0.0001, beta=0.75, k=1)"],
  [new nn.RReLU(), "RReLU(lower=0.125, upper=0.3333333333333333)"],
  [new nn.EmbeddingBag(10, 3), "EmbeddingBag(10, 3, mode='mean')"],
  [
    new nn.ConvTranspose2d(4, 2, 3, { stride: 2, outputPadding: 1 }),
    "ConvTranspose2d(4, 2, kernel_size=(3, 3), stride=(2, 2), output_padding=(1, 1))",
  ],
  [
    new nn.Conv1d(1, 1, 3, { padding: 1, paddingMode: "circular" }),
    "Conv1d(1, 1, kernel_size=(3,), stride=(1,), padding=(1,), padding_mode=circular)",
  ],
];
for (const [module, text] of printed) {
  Deno.test(`${module.constructor.name} prints as in PyTorch`, () => assertEquals(`${module}`, text));
}

Deno.test("Identity takes any arguments and returns its input", () => {
  const x = randn([2, 3]), layer = new nn.Identity(54, { unused: true });
  assert(layer(x) === x);
  assertEquals(`${layer}`, "Identity()");
});

Deno.test("a layer with impossible options is refused when it is made", () => {
  // torch.nn: the same are ValueErrors; those of the margins in PyTorch 2.
  assertThrows(() => new nn.TripletMarginLoss({ margin: 0 }), ValueError, "margin 0");
  assertThrows(() => new nn.TripletMarginWithDistanceLoss({ margin: -1 }), ValueError, "margin -1");
  assertThrows(() => F.tripletMarginLoss(ones([1, 2]), ones([1, 2]), ones([1, 2]), { margin: 0 }), ValueError);
  assertThrows(() => new nn.MultiMarginLoss(3), ValueError, "p 3");
  assertThrows(() => new nn.FractionalMaxPool2d(2, { outputRatio: [0.5, 1.5] }), ValueError, "0.5,1.5");
});

Deno.test("a lazy layer is its plain class after the first call", () => {
  manualSeed(0);
  const lazy = new nn.LazyConv2d(4, 3), x = randn([1, 2, 5, 5]);
  manualSeed(1);
  const result = lazy(x);
  manualSeed(1);
  const plain = new nn.Conv2d(2, 4, 3);
  assert(lazy instanceof nn.Conv2d && !(lazy instanceof nn.LazyConv2d));
  assertEquals(`${lazy}`, `${plain}`);
  assertEquals(result.tolist(), plain(x).tolist());
});

Deno.test("convolution pads by the elements of its input", () => {
  const layer = new nn.Conv1d(1, 1, 3, { padding: "same", paddingMode: "circular", bias: false });
  nn.init.ones_(layer.weight);
  assertEquals(layer(tensor([[[1.5, 2, 4]]])).tolist(), [[[7.5, 7.5, 7.5]]]);
});

Deno.test("max pooling with indices and unpooling are inverse where the largest elements are", () => {
  const pool = new nn.MaxPool2d(2, { returnIndices: true });
  const x = tensor([[[[1, 2, 5, 1], [4, 3, 2, 6]]]], { dtype: "float32" });
  const [values, indices] = pool(x);
  assertEquals(indices.tolist(), [[[[4, 7]]]]);
  assertEquals(new nn.MaxUnpool2d(2)(values, indices).tolist(), [[[[0, 0, 0, 0], [4, 0, 0, 6]]]]);
});

Deno.test("adaptive pooling works for any extents, and for an empty batch", () => {
  const x = ones([2, 3, 7, 5]);
  assertEquals([...new nn.AdaptiveMaxPool2d([4, null])(x).shape], [2, 3, 4, 5]);
  assertEquals([...F.adaptiveAvgPool2d(ones([0, 3, 7, 5]), 3).shape], [0, 3, 3, 3]);
  assertThrows(() => F.adaptiveAvgPool2d(ones([2, 0, 7, 5]), 3), ShapeError, "batch");
});

Deno.test("an infinity does not spoil what does not look at it", () => {
  const row = tensor([[[1, 2, Infinity, 4]]]);
  assertEquals(F.interpolate(row, { size: 2, mode: "linear" }).tolist(), [[[1.5, Infinity]]]);
  assertEquals(F.adaptiveAvgPool1d(row, 3).tolist(), [[[1.5, Infinity, Infinity]]]);
});

Deno.test("adaptive softmax gives probabilities that sum to one, and those of the targets", () => {
  manualSeed(3);
  const softmax = new nn.AdaptiveLogSoftmaxWithLoss(8, 20, [4, 10], { divValue: 2 });
  const x = randn([5, 8]), target = tensor([0, 19, 3, 7, 12]);
  const all = softmax.logProb(x), { output, loss } = softmax(x, target);
  assert(F.allclose(all.exp().sum(1), ones([5])));
  assert(F.allclose(F.gather(all, 1, target.unsqueeze(1)).squeeze(1), output));
  assert(F.allclose(loss, output.mean().neg()));
  assertThrows(() => new nn.AdaptiveLogSoftmaxWithLoss(8, 20, [10, 4]), ValueError, "ascending");
});

Deno.test("CTC: impossible targets have an infinite loss, or none", () => {
  const logProbs = F.logSoftmax(randn([2, 1, 3]), 2).detach().requiresGrad_();
  const target = tensor([[1, 1, 2]]);
  assertEquals(F.ctcLoss(logProbs, target, [2], [3]).item(), Infinity);
  const loss = F.ctcLoss(logProbs, target, [2], [3], { zeroInfinity: true });
  loss.backward();
  assertEquals(loss.item(), 0);
  assertEquals(logProbs.grad!.abs().sum().item(), 0);
});

Deno.test("bags: empty ones are 0, padding does not count, offsets are checked", () => {
  const table = tensor([[1, 2], [3, 4], [5, 6]], { dtype: "float32" });
  const numbers = tensor([0, 1, 2, 2]), offsets = tensor([0, 2, 2]);
  assertEquals(F.embeddingBag(numbers, table, offsets, { mode: "max" }).tolist(), [[3, 4], [0, 0], [5, 6]]);
  assertEquals(F.embeddingBag(numbers, table, offsets, { paddingIdx: 0 }).tolist(), [[3, 4], [0, 0], [5, 6]]);
  assertThrows(() => F.embeddingBag(numbers, table, tensor([0, 3, 2])), Error, "ascend");
});

Deno.test("wrong shapes are refused in the user's words", () => {
  assertThrows(() => F.pad(ones([1, 3]), [3, 0], "reflect"), ShapeError, "2 is the most");
  assertThrows(() => F.fold(ones([1, 5, 4]), 3, 2), ShapeError, "[N, C · 4, 4]");
  assertThrows(() => F.interpolate(ones([1, 1, 4]), { size: 2, mode: "bilinear" }), ShapeError, "bilinear");
  assertThrows(() => F.gridSample(ones([1, 1, 4, 4]), ones([1, 2, 2, 3])), ShapeError, "[N, H', W', 2]");
  assertThrows(() => F.convTranspose1d(ones([1, 2, 4]), ones([3, 1, 2])), ShapeError, "channels of the input");
  assertThrows(() => F.maxUnpool1d(ones([1, 1, 2]), ones([1, 1, 2]), 2), ShapeError, "returnIndices");
});

Deno.test("positions that gridSample rounds have a gradient of 0", () => {
  const image = randn([1, 1, 3, 3]), grid = randn([1, 2, 1, 2], { requiresGrad: true });
  F.gridSample(image, grid, { mode: "nearest" }).sum().backward();
  assertEquals(grid.grad?.tolist(), [[[[0, 0]], [[0, 0]]]]);
});

Deno.test("EmbeddingBag takes offsets and weights by position or by name", () => {
  const bag = nn.EmbeddingBag.fromPretrained(tensor([[1, 2], [3, 4], [5, 6.5]]), { mode: "sum" });
  const rows = tensor([0, 1, 2, 1]), offsets = tensor([0, 1]), perSampleWeights = tensor([2, 1, 0.5, -1]);
  const expected = [[2, 4], [2.5, 3.25]];
  assertEquals(bag(rows, offsets, perSampleWeights).tolist(), expected);
  assertEquals(bag(rows, offsets, { perSampleWeights }).tolist(), expected);
  assertEquals(bag(rows, { offsets, perSampleWeights }).tolist(), expected);
  assertEquals(bag(rows.view(2, 2)).tolist(), [[4, 6], [8, 10.5]]);
});
