import { assertEquals } from "@std/assert";
import { functional as F, masked, ones, randn, TensaurError, type Tensor, tensor, zeros } from "../../mod.ts";

/** A tensor, in the eyes of who does not check types. */
type Any = Tensor & number & [Tensor, Tensor];

const x = randn([2, 3]), image = randn([1, 2, 4, 4]), classes = tensor([0, 1]), whole = tensor([0, 1, 1]);
const square = ones([3, 3]);
const softmax = { cutoffs: [2], head: [zeros([3, 3]), null], tails: [[zeros([2, 3]), zeros([1, 2])]] } as const;
const heads = [x, x, x, 3, 1, zeros([9, 3]), zeros([9]), null, null, false, 0] as const;

/** Calls with a tensor that may be left out: in options, or where options may be as well. */
const calls: Readonly<Record<string, (given: Any) => unknown>> = {
  "crossEntropy weight": (weight) => F.crossEntropy(x, classes, { weight }),
  "nllLoss weight": (weight) => F.nllLoss(x, classes, { weight }),
  "mseLoss weight": (weight) => F.mseLoss(x, x, { weight }),
  "huberLoss weight": (weight) => F.huberLoss(x, x, { weight }),
  "binaryCrossEntropy weight": (weight) => F.binaryCrossEntropy(x.sigmoid(), x.sigmoid(), { weight }),
  "binaryCrossEntropyWithLogits weight": (weight) => F.binaryCrossEntropyWithLogits(x, x, { weight }),
  "binaryCrossEntropyWithLogits posWeight": (posWeight) => F.binaryCrossEntropyWithLogits(x, x, { posWeight }),
  "multilabelSoftMarginLoss weight": (weight) => F.multilabelSoftMarginLoss(x, x, { weight }),
  "multiMarginLoss weight": (weight) => F.multiMarginLoss(x, classes, { weight }),
  "conv1d bias": (bias) => F.conv1d(randn([1, 2, 4]), randn([3, 2, 1]), bias),
  "conv2d bias": (bias) => F.conv2d(image, randn([3, 2, 1, 1]), bias),
  "convTranspose2d bias": (bias) => F.convTranspose2d(image, randn([2, 3, 1, 1]), bias),
  "linear bias": (bias) => F.linear(x, square, bias),
  "layerNorm weight": (weight) => F.layerNorm(x, [3], weight),
  "layerNorm bias": (bias) => F.layerNorm(x, [3], ones([3]), bias),
  "layerNorm weight of options": (weight) => F.layerNorm(x, [3], { weight }),
  "rmsNorm weight": (weight) => F.rmsNorm(x, [3], weight),
  "groupNorm weight": (weight) => F.groupNorm(image, 2, weight),
  "groupNorm bias": (bias) => F.groupNorm(image, 2, null, bias),
  "batchNorm runningMean": (mean) => F.batchNorm(x, mean, ones([3])),
  "batchNorm runningVar": (variance) => F.batchNorm(x, zeros([3]), variance),
  "batchNorm weight": (weight) => F.batchNorm(x, zeros([3]), ones([3]), weight),
  "batchNorm bias": (bias) => F.batchNorm(x, zeros([3]), ones([3]), null, bias),
  "instanceNorm weight": (weight) => F.instanceNorm(image, null, null, weight),
  "scaledDotProductAttention attnMask": (attnMask) => F.scaledDotProductAttention(x, x, x, { attnMask }),
  "multiHeadAttentionForward keyPaddingMask": (mask) =>
    F.multiHeadAttentionForward(...heads, square, null, { keyPaddingMask: mask }),
  "multiHeadAttentionForward attnMask": (mask) =>
    F.multiHeadAttentionForward(...heads, square, null, { attnMask: mask }),
  "multiHeadAttentionForward staticK": (staticK) => F.multiHeadAttentionForward(...heads, square, null, { staticK }),
  "embeddingBag offsets": (offsets) => F.embeddingBag(whole, x, offsets),
  "embeddingBag perSampleWeights": (weights) =>
    F.embeddingBag(whole, x, tensor([0]), { mode: "sum", perSampleWeights: weights }),
  "lstm hx": (hx) => F.lstm(x, hx, []),
  "lstmCell hx": (hx) => F.lstmCell(x, hx, zeros([12, 3]), zeros([12, 3])),
  "gru hx": (hx) => F.gru(x, hx, []),
  "cov fweights": (fweights) => F.cov(x, { fweights }),
  "cov aweights": (aweights) => F.cov(x, { aweights }),
  "bincount weights": (weights) => F.bincount(whole, { weights }),
  "histogram weight": (weight) => F.histogram(x, 2, { weight }),
  "diff prepend": (prepend) => F.diff(x, { prepend }),
  "diff append": (append) => F.diff(x, { append }),
  "segmentReduce lengths": (lengths) => F.segmentReduce(x, "sum", { lengths }),
  "searchsorted sorter": (sorter) => F.searchsorted(tensor([1.5, 2.5]), 2, { sorter }),
  "svdLowrank M": (M) => F.svdLowrank(square, { M }),
  "fractionalMaxPool2d randomSamples": (randomSamples) =>
    F.fractionalMaxPool2d(image, 2, { outputSize: 2, randomSamples }),
  "sum mask": (mask) => masked.sum(x, { mask }),
  "softmax mask": (mask) => masked.softmax(x, 1, { mask }),
  "var mask": (mask) => masked.var(x, { mask }),
  "logaddexp inputMask": (inputMask) => masked.logaddexp(x, x, { inputMask }),
  "adaptiveLogSoftmaxWithLoss": (weight) =>
    F.adaptiveLogSoftmaxWithLoss(x, classes, { ...softmax, head: [weight, null] }),
};

/** Not `null`, which is a way to leave it out. */
const mistakes = [[1, 2], "a", () => 1, new Float32Array(3)];

Deno.test("a tensor that may be left out is refused by its name where it is something else", () => {
  const complaints = Object.entries(calls).flatMap(([title, call]) => {
    const [operation] = title.split(" ");
    return mistakes.flatMap((mistake) => {
      try {
        call(mistake as unknown as Any);
      } catch (error) {
        const fine = error instanceof TensaurError && error.message.startsWith(`Cannot call ${operation}:`);
        return fine ? [] : [`${title} = ${mistake}: ${error}`];
      }
      return [`${title} = ${mistake}: accepted`];
    });
  });
  assertEquals(complaints, []);
});
