/**
 * Operations that leave out the elements where a mask does not hold.
 *
 * @module
 */

import { masked, type Tensor } from "../../mod.ts";
import { fixed, op, type Operation, real } from "./table.ts";

type OverDim = (x: Tensor, dim: number, options: { mask: Tensor }) => Tensor;

const mask = () => fixed([1, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1], [3, 4], "bool");
const both = { rows: [0, 1] };

const left = "what the mask leaves out is -Infinity";

const names = ("sum mean prod amax amin var std variance median argmax argmin logsumexp softmax softmin cumsum cumprod")
  .split(" ");

/** Operations that leave out the elements where a mask does not hold. */
export const maskeds: readonly Operation[] = [
  ...names.map((name) => {
    return op(
      `masked.${name}`,
      (x, mask) => (masked[name as "sum"] as OverDim)(x, 1, { mask }),
      [real([3, 4]), mask()],
      both,
    );
  }),
  op("masked.logSoftmax", (x, mask) => masked.logSoftmax(x, 1, { mask }), [real([3, 4]), mask()], {
    ...both,
    slope: left,
  }),
  op("masked.norm", (x, mask) => masked.norm(x, 2, 1, { mask }), [real([3, 4]), mask()], both),
  op("masked.normalize", (x, mask) => masked.normalize(x, 2, 1, { mask }), [real([3, 4]), mask()], both),
  op("masked.logaddexp", (x, y, mask) => masked.logaddexp(x, y, { inputMask: mask, otherMask: mask }), [
    real([3, 4]),
    real([3, 4]),
    mask(),
  ], {
    rows: [0, 1, 2],
    slope: left,
  }),
];
