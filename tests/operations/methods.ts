/**
 * Methods that are no functions: what writes in place, converts and picks.
 *
 * @module
 */

import { slice } from "../../mod.ts";
import { fixed, op, type Operation, pointwise, real, type Settings } from "./table.ts";

const unary =
  ("negative_ absolute_ fix_ conjPhysical_ arctan_ arcsinh_ neg_ abs_ sign_ sgn_ square_ exp_ exp2_ expm1_ sin_ cos_ atan_ sinh_ cosh_ tanh_ asinh_ sigmoid_ erf_ erfc_ sinc_ " +
    "floor_ ceil_ trunc_ frac_ deg2rad_ rad2deg_ round_ nanToNum_ logicalNot_").split(" ");
const onPositive =
  "tan_ arccos_ arcsin_ arctanh_ reciprocal_ sqrt_ rsqrt_ log_ log2_ log10_ log1p_ lgamma_ digamma_ erfinv_ asin_ acos_ atanh_ logit_"
    .split(" ");
const binary =
  ("multiply_ divide_ subtract_ arctan2_ greater_ greaterEqual_ less_ lessEqual_ notEqual_ add_ sub_ mul_ div_ trueDivide_ floorDivide_ fmod_ atan2_ hypot_ copysign_ eq_ ne_ lt_ le_ gt_ ge_ logicalAnd_ " +
    "logicalOr_ logicalXor_ heaviside_ ldexp_ remainder_ pow_ floatPower_ xlogy_").split(" ");

/** The formulas are those of the functions, in their cases; here it counts that they are written. */
const plain: Settings = {
  dtypes: [],
  rows: "as out of place",
  sameKernels: "they are those of the functions",
};
const several = () => [real([3, 4]), real([3, 1]), real([4])];
const apart = () => fixed([0, 2, 1, 3, 2, 0], [3, 2]);
const rows: Settings = { dtypes: [], rows: "rows are picked" };

const shaped: Settings = { ...plain, relative: 2e-5 };

/** Methods that are no functions. */
export const methods: readonly Operation[] = [
  ...unary.map((name) => pointwise(name, (x) => x.clone()[name as "neg_"](), [real([3, 4])], plain)),
  ...onPositive.map((name) => pointwise(name, (x) => x.clone()[name as "neg_"](), [real([3, 4], 0.5, 0.9)], plain)),
  pointwise("arccosh_", (x) => x.clone().arccosh_(), [real([3, 4], 1.2, 3)], plain),
  pointwise("acosh_", (x) => x.clone().acosh_(), [real([3, 4], 1.2, 3)], plain),
  ...binary.map((name) =>
    pointwise(name, (a, b) => a.clone()[name as "mul_"](b), [real([3, 4], 0.5, 2), real([4], 0.5, 2)], plain)
  ),
  ...(["bitwiseAnd_", "bitwiseOr_", "bitwiseXor_", "bitwiseLeftShift_", "bitwiseRightShift_"] as const).map((name) =>
    op(name, (a, b) => a.clone()[name](b), [fixed([1, 6, 12, 5], [2, 2]), fixed([1, 2])], rows)
  ),
  op("gcd_", (a, b) => a.clone().gcd_(b), [fixed([12, -18, 0, 7], [2, 2]), fixed([8, 1])], rows),
  op("lcm_", (a, b) => a.clone().lcm_(b), [fixed([12, -18, 0, 7], [2, 2]), fixed([8, 1])], rows),
  op("nextafter_", (a, b) => a.clone().nextafter_(b), [real([3, 4]), real([4])], { ...rows, slope: "a step" }),
  op("renorm_", (x) => x.clone().renorm_(2, 0, 1), [real([3, 4])], rows),
  op(
    "indexReduce_",
    (x, i, s) => x.clone().indexReduce_(1, i, s, "amax"),
    [real([3, 4]), fixed([0, 2]), real([3, 2])],
    rows,
  ),
  op("polygamma_", (x) => x.clone().polygamma_(1), [real([3, 4], 0.5, 4)], shaped),
  op("mvlgamma_", (x) => x.clone().mvlgamma_(2), [real([3, 4], 2, 4)], shaped),
  op("i0_", (x) => x.clone().i0_(), [real([3, 4])], shaped),
  op("igamma_", (a, b) => a.clone().igamma_(b), [real([3, 4], 1, 3), real([3, 4], 1, 3)], {
    ...shaped,
    slope: "as of igamma",
  }),
  op("igammac_", (a, b) => a.clone().igammac_(b), [real([3, 4], 1, 3), real([3, 4], 1, 3)], {
    ...shaped,
    slope: "as of igammac",
  }),
  op("squeeze_", (x) => x.clone().squeeze_(1), [real([3, 1])], shaped),
  op("unsqueeze_", (x) => x.clone().unsqueeze_(1), [real([3, 4])], shaped),
  op("transpose_", (x) => x.clone().transpose_(0, 1), [real([3, 4])], shaped),
  op("swapaxes_", (x) => x.clone().swapaxes_(0, 1), [real([3, 4])], shaped),
  op("swapdims_", (x) => x.clone().swapdims_(0, 1), [real([3, 4])], shaped),
  op("t_", (x) => x.clone().t_().mul_(2), [real([3, 4])], shaped),
  op("asStrided_", (x) => x.clone().asStrided_([2, 2], [4, 1], 1), [real([3, 4])], shaped),
  op("resize_", (x) => x.detach().clone().resize_([2, 3]), [real([3, 4])], shaped),
  op("resizeAs_", (x, y) => x.detach().clone().resizeAs_(y), [real([3, 4]), real([2, 2])], shaped),
  op("bitwiseNot_", (x) => x.clone().bitwiseNot_(), [fixed([1, 6, 12, 5], [2, 2])], rows),
  pointwise("lerp_", (a, b, c) => a.clone().lerp_(b, c), several(), plain),
  pointwise("addcmul_", (a, b, c) => a.clone().addcmul_(b, c), several(), plain),
  pointwise("addcdiv_", (a, b, c) => a.clone().addcdiv_(b, c), [real([3, 4]), real([3, 1]), real([4], 0.5, 2)], plain),
  pointwise("clamp_", (x) => x.clone().clamp_(-1, 1), [real([3, 4])], plain),
  pointwise("clip_", (x) => x.clone().clip_(-1, 1), [real([3, 4])], plain),
  pointwise("clampMin_", (x) => x.clone().clampMin_(-1), [real([3, 4])], plain),
  pointwise("clampMax_", (x) => x.clone().clampMax_(1), [real([3, 4])], plain),
  op("cumsum_", (x) => x.clone().cumsum_(1), [real([3, 4])], plain),
  op("cumprod_", (x) => x.clone().cumprod_(1), [real([3, 4])], plain),
  op("tril_", (x) => x.clone().tril_(), [real([2, 3, 4])], plain),
  op("triu_", (x) => x.clone().triu_(), [real([2, 3, 4])], plain),
  op("addmm_", (x, a, b) => x.clone().addmm_(a, b), [real([3, 4]), real([3, 5]), real([5, 4])], {
    ...plain,
    rows: [0, 1],
  }),
  op("addmv_", (x, a, b) => x.clone().addmv_(a, b), [real([3]), real([3, 5]), real([5])], plain),
  op("addr_", (x, a, b) => x.clone().addr_(a, b), [real([3, 4]), real([3]), real([4])], plain),
  op("baddbmm_", (x, a, b) => x.clone().baddbmm_(a, b), [real([2, 3, 4]), real([2, 3, 5]), real([2, 5, 4])], plain),
  op("addbmm_", (x, a, b) => x.clone().addbmm_(a, b), [real([3, 4]), real([2, 3, 5]), real([2, 5, 4])], rows),

  op("T", (x) => x.T, [real([3, 4])], rows),
  op("mH", (x) => x.mH, [real([2, 3, 4])], rows),
  op("H", (x) => x.H, [real([3, 4])], rows),
  op("at", (x) => [x.at(null, 1), x.at(slice(null, null, 2), -1), x.at(slice(1), slice(0, 3))], [real([3, 4])], rows),
  op("at tensors", (x, i, m) => [x.at(i), x.at(slice(), i), x.at(i, i), x.at(m)], [
    real([3, 4]),
    fixed([2, 0]),
    fixed([1, 0, 1], [3], "bool"),
  ], rows),
  op(
    "setAt",
    (x, v, i) => {
      const y = x.clone();
      y.setAt([slice(null, null, 2), 1], v);
      y.setAt([i, 0], 7);
      return y;
    },
    [real([3, 4]), real([2]), fixed([2, 0])],
    rows,
  ),
  op("setAt mask", (x, m) => x.clone().setAt([m], -1), [real([3, 4]), fixed([1, 0, 1], [3], "bool")], rows),
  op("maskedFill_", (x, m) => x.clone().maskedFill_(m, 3), [real([3, 4]), fixed([1, 0, 1, 0], [4], "bool")], rows),
  op("maskedScatter_", (x, m, s) => x.clone().maskedScatter_(m, s), [
    real([3, 4]),
    fixed([1, 0, 1, 0], [4], "bool"),
    real([6]),
  ], rows),
  op("put_", (x, i, s) => x.clone().put_(i, s), [real([3, 4]), fixed([1, -1]), real([2])], rows),
  op("indexAdd_", (x, i, s) => x.clone().indexAdd_(1, i, s), [real([3, 4]), fixed([0, 0, 2]), real([3, 3])], rows),
  op("indexCopy_", (x, i, s) => x.clone().indexCopy_(1, i, s), [real([3, 4]), fixed([0, 2]), real([3, 2])], rows),
  op("indexFill_", (x, i) => x.clone().indexFill_(1, i, 3), [real([3, 4]), fixed([0, 2])], rows),
  op("scatter_", (x, i, s) => x.clone().scatter_(1, i, s), [real([3, 4]), apart(), real([3, 2])], rows),
  op("scatterAdd_", (x, i, s) => x.clone().scatterAdd_(1, i, s), [real([3, 4]), apart(), real([3, 2])], rows),
  op(
    "scatterReduce_",
    (x, i, s) => x.clone().scatterReduce_(1, i, s, "amax"),
    [real([3, 4]), apart(), real([3, 2])],
    rows,
  ),
  op("copy_", (x, y) => x.clone().copy_(y), [real([3, 4]), real([4])], plain),
  op("fill_", (x, y) => [x.clone().fill_(3), x.clone().fill_(y)], [real([3, 4]), real([])], plain),
  op("fillDiagonal_", (x) => x.clone().fillDiagonal_(3), [real([3, 4])], rows),
  op("zero_", (x) => x.clone().zero_(), [real([3, 4])], plain),
  op(
    "write-through-a-view",
    (x, y) => {
      const z = x.clone();
      z.T.at(1).mul_(y);
      z.at(slice(null, null, 2)).add_(1);
      return [z, z.T];
    },
    [real([3, 4]), real([3])],
    rows,
  ),

  op("clone", (x) => x.clone(), [real([3, 4])], plain),
  op("contiguous", (x) => x.contiguous(), [real([3, 4])], plain),
  op("to", (x) => [x.to("float32"), x.to("int32"), x.to("bool"), x.to("uint8")], [real([3, 4], 0, 9)], {
    ...plain,
    slope: "integers",
  }),
  op("int", (x) => [x.int(), x.long(), x.byte(), x.bool(), x.type("int32")], [real([3, 4], 0, 9)], {
    ...plain,
    slope: "integers",
  }),
  op("float", (x, y) => [x.float(), y.float(), y.typeAs(x)], [real([3, 4]), fixed([1, 2])], {
    ...plain,
    rows: "two shapes",
    slope: "float64 becomes float32",
  }),
];
