/**
 * Activation functions.
 *
 * @module
 */

import { functional as F } from "../../mod.ts";
import { op, type Operation, pointwise, real } from "./table.ts";

const names =
  ("celu elu selu gelu logsigmoid mish silu softplus hardshrink hardsigmoid hardswish softshrink softsign tanhshrink " +
    "hardtanh leakyRelu relu relu6").split(" ");

/** Functions that write their operand, which has to be somebody else's than the test's. */
const inPlace = "relu_ relu6_ leakyRelu_ elu_ celu_ selu_ hardtanh_".split(" ");

/** Activation functions. */
export const activations: readonly Operation[] = [
  ...names.map((name) => pointwise(name, (x) => F[name as "relu"](x), [real([3, 4], -4, 4)])),
  ...inPlace.map((name) => pointwise(name, (x) => F[name as "relu_"](x.clone()), [real([3, 4], -4, 4)])),
  pointwise("gelu tanh", (x) => F.gelu(x, { approximate: "tanh" }), [real([3, 4], -4, 4)]),
  pointwise("elu alpha", (x) => F.elu(x, 0.5), [real([3, 4])]),
  pointwise("celu alpha", (x) => F.celu(x, 0.5), [real([3, 4])]),
  pointwise("softplus options", (x) => F.softplus(x, { beta: 2, threshold: 3 }), [real([3, 4], -4, 4)]),
  pointwise("hardtanh bounds", (x) => F.hardtanh(x, -0.5, 1.5), [real([3, 4])]),
  pointwise("threshold", (x) => F.threshold(x, 0.5, -3), [real([3, 4])]),
  pointwise("threshold_", (x) => F.threshold_(x.clone(), 0.5, -3), [real([3, 4])]),
  op("prelu", F.prelu, [real([3, 4]), real([4])], { rows: [0] }),
  op("glu", (x) => F.glu(x), [real([3, 4])]),
  op("rrelu", (x) => F.rrelu(x, { training: true }), [real([3, 4])], { rows: "each element has a slope of its own" }),
  op("rrelu_", (x) => F.rrelu_(x.clone()), [real([3, 4])]),
  op("gumbelSoftmax", (x) => F.gumbelSoftmax(x, { tau: 0.7 }), [real([3, 4])], {
    rows: "each element has noise of its own",
  }),
  op("gumbelSoftmax hard", (x) => F.gumbelSoftmax(x, { hard: true }), [real([3, 4])], {
    rows: "each element has noise of its own",
    slope: "the gradient is that of the soft choice",
  }),
];
