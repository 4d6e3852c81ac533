/**
 * Special functions, and draws with gradients.
 *
 * @module
 */

import { functional as F, special, type Tensor } from "../../mod.ts";
import { op, type Operation, pointwise, real, type Settings } from "./table.ts";

/** Tables of coefficients and recurrences take more roundings than the formulas of elementary functions. */
const wide: Settings = {
  relative: 2e-5,
  absolute: 5e-6,
  dtypes: ["int32"],
};
const positive = () => [real([3, 4], 0.5, 4)];

const onPositive =
  ("besselY0 besselY1 entr modifiedBesselK0 modifiedBesselK1 scaledModifiedBesselK0 scaledModifiedBesselK1 " +
    "sphericalBesselJ0").split(" ");
const everywhere = "airyAi besselJ0 besselJ1 erfcx i0 i0e i1 i1e logNdtr modifiedBesselI0 modifiedBesselI1 ndtr".split(
  " ",
);
const polynomials =
  ("chebyshevPolynomialT chebyshevPolynomialU chebyshevPolynomialV chebyshevPolynomialW hermitePolynomialH " +
    "hermitePolynomialHe laguerrePolynomialL legendrePolynomialP shiftedChebyshevPolynomialT shiftedChebyshevPolynomialU " +
    "shiftedChebyshevPolynomialV shiftedChebyshevPolynomialW").split(" ");

type Polynomial = (x: Tensor, degree: number) => Tensor;

/** Numbers are drawn on the host. */
const random: Settings = {
  dtypes: [],
  rows: "each row is drawn by itself",
  slope: "a draw moves with its place in the distribution, and not as the generator's numbers are used",
};

/** Special functions. */
export const specials: readonly Operation[] = [
  ...onPositive.map((name) => pointwise(`special.${name}`, (x) => special[name as "entr"](x), positive(), wide)),
  ...everywhere.map((name) => pointwise(`special.${name}`, (x) => special[name as "i0"](x), [real([3, 4])], wide)),
  ...polynomials.map((name) =>
    op(
      `special.${name}`,
      (x) => (special[name as "legendrePolynomialP"] as Polynomial)(x, 3),
      [real([3, 4], 0.1, 0.9)],
      wide,
    )
  ),
  pointwise("special.ndtri", (x) => special.ndtri(x), [real([3, 4], 0.1, 0.9)], wide),
  pointwise("special.xlog1py", (x, y) => special.xlog1py(x, y), [real([3, 4], 0.5, 2), real([4], 0.5, 2)]),
  pointwise("special.zeta", (x, y) => special.zeta(x, y), [real([3, 4], 2, 4), real([4], 1, 3)], {
    ...wide,
    slope: "none for the exponent",
  }),
  pointwise("igamma", F.igamma, [real([3, 4], 1, 3), real([4], 1, 3)], {
    ...wide,
    slope: "none for the first operand",
  }),
  pointwise("igammac", F.igammac, [real([3, 4], 1, 3), real([4], 1, 3)], {
    ...wide,
    slope: "none for the first operand",
  }),
  pointwise("polygamma", (x) => [F.polygamma(1, x), F.polygamma(2, x)], positive(), wide),
  pointwise("mvlgamma", (x) => F.mvlgamma(x, 2), [real([3, 4], 2, 4)], wide),
  op("standardGamma", (x) => F.standardGamma(x), [real([3, 4], 0.5, 4)], random),
  op("standardDirichlet", (x) => F.standardDirichlet(x), [real([3, 4], 0.5, 4)], random),
];
