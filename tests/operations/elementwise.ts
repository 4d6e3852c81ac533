/**
 * Operations on single elements.
 *
 * @module
 */

import { functional as F, type Tensor, tensor } from "../../mod.ts";
import { fixed, op, type Operation, pointwise, real, type Settings } from "./table.ts";

/** Operands that broadcast against each other. */
const pair = () => [real([3, 4]), real([4])];
const several = () => [real([3, 4]), real([3, 1]), real([4])];

/** Unary operations that are given by their names alone, and where they have slopes. */
const unary: Record<string, readonly [low: number, high: number]> = {
  ...Object.fromEntries(
    ("neg square exp exp2 expm1 sin cos atan sinh cosh tanh asinh sigmoid erf erfc sinc abs sign sgn signbit floor ceil trunc frac " +
      "deg2rad rad2deg nanToNum isnan isinf isfinite isposinf isneginf logicalNot round angle conj conjPhysical positive real isreal")
      .split(" ").map((
        name,
      ) => [name, [-2, 2]]),
  ),
  reciprocal: [0.5, 2],
  sqrt: [0.5, 2],
  rsqrt: [0.5, 2],
  log: [0.5, 3],
  log2: [0.5, 3],
  log10: [0.5, 3],
  log1p: [-0.5, 3],
  tan: [-1, 1],
  asin: [-0.9, 0.9],
  acos: [-0.9, 0.9],
  acosh: [1.2, 3],
  atanh: [-0.8, 0.8],
  logit: [0.1, 0.9],
  erfinv: [-0.8, 0.8],
  lgamma: [0.5, 4],
  digamma: [0.5, 4],
};

/** A truth that an operation gives as it is. */
function answer(value: boolean, { device }: Tensor): Tensor {
  return tensor(value, { device });
}

/** The same of two operands, which broadcast. */
const binary =
  ("add sub rsub mul div trueDivide floorDivide fmod atan2 hypot maximum minimum fmax fmin logaddexp logaddexp2 copysign " +
    "eq ne lt le gt ge logicalAnd logicalOr logicalXor heaviside").split(" ");

const whole: Settings = { slope: "whole numbers have none" };
const positive = () => [real([3, 4], 0.5, 2), real([4], 0.5, 2)];

/** Operations on single elements. */
export const elementwise: readonly Operation[] = [
  ...Object.entries(unary).map(([name, range]) => {
    return pointwise(name, (x) => F[name as "exp"](x), [real([3, 4], ...range)]);
  }),
  ...binary.map((name) => pointwise(name, (a, b) => F[name as "mul"](a, b), pair())),
  pointwise("remainder", F.remainder, positive(), { slope: "the second derivative by the divisor is that of a step" }),
  pointwise("xlogy", F.xlogy, positive()),
  pointwise("pow", F.pow, positive()),
  pointwise("pow by-numbers", (x) => [F.pow(x, 3), F.pow(x, 2.5), F.pow(x, -1), F.pow(x, 0), F.pow(x, 0.5)], [
    real([3, 4], 0.5, 2),
  ], {
    dtypes: ["float16"],
  }),
  pointwise("pow of-a-number", (x) => F.pow(2, x), [real([3, 4])], { dtypes: ["float16"] }),
  pointwise("floatPower", F.floatPower, positive(), { dtypes: ["int32"], perDevice: "float64, where there is one" }),
  pointwise("ldexp", F.ldexp, pair()),
  pointwise("bitwiseAnd", F.bitwiseAnd, pair(), whole),
  pointwise("bitwiseOr", F.bitwiseOr, pair(), whole),
  pointwise("bitwiseXor", F.bitwiseXor, pair(), whole),
  pointwise("bitwiseNot", F.bitwiseNot, [real([3, 4])], whole),
  pointwise("bitwiseLeftShift", F.bitwiseLeftShift, [real([3, 4]), real([4], 0, 2)], whole),
  pointwise("bitwiseRightShift", F.bitwiseRightShift, [real([3, 4]), real([4], 0, 2)], whole),
  pointwise("add alpha", (a, b) => F.add(a, b, { alpha: 2 }), pair()),
  // As one tensor, since compilers of shaders may take a - a for 0.
  pointwise("sub of-itself", (x) => [F.sub(x, x), F.add(F.neg(x), x)], [real([3, 4])]),
  pointwise("sub of-a-term", (a, b) => F.sub(F.add(a, b), a), pair(), { dtypes: [] }),
  pointwise("square of-a-root", (x) => F.square(F.sqrt(x)), [real([3, 4], 0.5, 2)], { dtypes: ["float16"] }),
  pointwise("add of-a-number", (x) => F.add(x, 2), [real([3, 4])]),
  pointwise("div trunc", (a, b) => F.div(a, b, { roundingMode: "trunc" }), positive()),
  pointwise("div floor", (a, b) => F.div(a, b, { roundingMode: "floor" }), positive()),
  pointwise("round decimals", (x) => F.round(x, { decimals: 1 }), [real([3, 4])], { dtypes: [] }),
  pointwise("logit eps", (x) => F.logit(x, { eps: 0.2 }), [real([3, 4], 0.3, 0.7)]),
  pointwise("nanToNum numbers", (x) => F.nanToNum(x, { nan: 1, posinf: 2, neginf: -3 }), [real([3, 4])]),
  pointwise("lerp", F.lerp, several()),
  pointwise("addcmul", (a, b, c) => F.addcmul(a, b, c, { value: 0.3 }), several()),
  pointwise("addcdiv", (a, b, c) => F.addcdiv(a, b, c, { value: 0.3 }), [
    real([3, 4]),
    real([3, 1]),
    real([4], 0.5, 2),
  ]),
  pointwise("where", (c, a, b) => F.where(F.gt(c, 0), a, b), several()),
  pointwise("clamp", (x, low, high) => F.clamp(x, F.sub(low, 2), F.add(high, 1)), several(), {
    dtypes: ["float16", "int32"],
  }),
  pointwise("clamp numbers", (x) => F.clamp(x, -1, 1), [real([3, 4])]),
  pointwise("clip", (x, low) => F.clip(x, low), pair()),
  pointwise("clampMin", F.clampMin, pair()),
  pointwise("clampMax", F.clampMax, pair()),
  pointwise("isclose", (a, b) => F.isclose(a, b, { rtol: 0.5 }), pair()),
  pointwise("frexp", (x) => F.frexp(x), [real([3, 4])]),
  pointwise("nextafter", F.nextafter, pair(), { slope: "a step", absolute: 0 }),
  op("gcd", F.gcd, [fixed([12, -18, 0, 7], [2, 2]), fixed([8, 0])], whole),
  op("lcm", F.lcm, [fixed([12, -18, 0, 7], [2, 2]), fixed([8, 3])], whole),
  pointwise("fill", (x, value) => F.fill(x, F.sum(value)), [real([3, 4]), real([])], { dtypes: [] }),
  op("allclose", (a, b) => [answer(F.allclose(a, a), a), answer(F.allclose(a, b), a)], pair()),
  op("equal", (a, b) => [answer(F.equal(a, a), a), answer(F.equal(a, b), a)], pair()),
];
