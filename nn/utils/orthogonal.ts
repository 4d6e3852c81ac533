/**
 * Orthogonal matrices in terms of matrices of any kind.
 *
 * @module
 */

import { householderProduct, matrixExp, solve } from "../../functional/linalg/mod.ts";
import * as F from "../../functional/mod.ts";
import { eye, noGrad, randn, ShapeError, type Tensor, ValueError, zerosLike } from "../../tensor/mod.ts";
import { optionsOf } from "../../tensor/arguments.ts";
import { Module } from "../module.ts";
import { registerParametrization } from "./parametrize.ts";
import { fieldOf, parameterOf } from "./recomputed.ts";

/** How an orthogonal matrix comes from another: exp(A), (I + A/2)(I - A/2)⁻¹ of a skew-symmetric A, or a product of reflections. */
export type OrthogonalMap = "matrix_exp" | "cayley" | "householder";

/** Options of `orthogonal`. */
export interface OrthogonalOptions {
  /** The parameter. Default "weight". */
  readonly name?: string;
  /** The map; "matrix_exp" for square matrices, else "householder" by default. */
  readonly orthogonalMap?: OrthogonalMap | null;
  /** Whether the matrix is a fixed one times what the map gives. Default true. */
  readonly useTrivialization?: boolean;
}

/** x and whether it was transposed so that it is not wider than tall. */
function upright(x: Tensor): { tall: Tensor; turned: boolean; n: number; k: number } {
  const turned = x.shape.at(-2)! < x.shape.at(-1)!, tall = turned ? F.mT(x) : x;
  return { tall, turned, n: tall.shape.at(-2)!, k: tall.shape.at(-1)! };
}

function diagonalOf(x: Tensor): Tensor {
  return F.diagonal(x, { dim1: -2, dim2: -1 });
}

/** The orthogonal factor of x with a positive diagonal of the other one. */
function orthogonalFactor(x: Tensor): Tensor {
  const [reflections, tau] = F.geqrf(x);
  return F.mul(householderProduct(reflections, tau), F.unsqueeze(F.sign(diagonalOf(reflections)), -2));
}

class Orthogonal extends Module {
  base: Tensor | null = null;

  constructor(readonly size: readonly number[], readonly map: OrthogonalMap, readonly trivial: boolean) {
    super();
    if (trivial) this.registerBuffer("base", null);
    // Nobody knows what a rotation alone comes from: such a tensor keeps what it was as its original, and cannot be set.
    else if (map !== "householder") Reflect.set(this, "rightInverse", undefined);
  }

  override forward(x: Tensor): Tensor {
    const { tall, turned, n, k } = upright(x);
    const made = this.map === "householder" ? reflected(tall) : rotated(tall, n, k, this.map);
    const based = this.base === null ? made : F.matmul(this.base, made);
    return turned ? F.mT(based) : based;
  }

  rightInverse(value: Tensor): Tensor {
    const { tall, turned, n, k } = upright(value);
    if (value.shape.join() !== this.size.join()) {
      throw new ShapeError(
        `Cannot set an orthogonal tensor of shape [${this.size.join(", ")}] to one of shape [${
          value.shape.join(", ")
        }]`,
      );
    }
    if (this.trivial) {
      const square = n === k ? tall : F.cat([tall, randn([...tall.shape.slice(0, -1), n - k], optionsLike(tall))], -1);
      this.base = n === k && isOrthogonal(tall) ? tall.clone() : orthogonalFactor(square);
      // With these signs reflections of zeros are the identity.
      return F.diagonalScatter(zerosLike(value), F.neg(onesAlong(value)), { dim1: -2, dim2: -1 });
    }
    const [reflections, tau] = F.geqrf(tall), signs = F.sign(diagonalOf(reflections));
    const kept = F.diagonalScatter(reflections, F.where(F.eq(tau, 0), F.neg(signs), signs), { dim1: -2, dim2: -1 });
    return turned ? F.mT(kept) : kept;
  }
}

function optionsLike(x: Tensor): Pick<Tensor, "dtype" | "device"> {
  return { dtype: x.dtype, device: x.device };
}

function onesAlong(x: Tensor): Tensor {
  return F.add(F.mul(diagonalOf(x), 0), 1);
}

function isOrthogonal(x: Tensor): boolean {
  const n = x.shape.at(-2)!, epsilon = x.dtype === "float64" ? 2 ** -52 : x.dtype === "float16" ? 2 ** -10 : 2 ** -23;
  const product = F.matmul(F.mT(x), x);
  return F.allclose(product, F.expandAs(eye(x.shape.at(-1)!, optionsLike(x)), product), { atol: 10 * n * epsilon });
}

/** The product of the reflections below the diagonal, with the signs that stand on it. */
function reflected(x: Tensor): Tensor {
  const below = F.tril(x, -1), tau = F.div(2, F.add(F.sum(F.mul(below, below), -2), 1));
  return F.mul(householderProduct(below, tau), F.unsqueeze(F.trunc(diagonalOf(x).detach()), -2));
}

/** The first k columns of the rotation that a lower triangle stands for. */
function rotated(x: Tensor, n: number, k: number, map: OrthogonalMap): Tensor {
  const lower = F.constantPadNd(F.tril(x), [0, n - k]), skew = F.sub(lower, F.mT(lower));
  if (map === "matrix_exp") return F.narrow(matrixExp(skew), -1, 0, k);
  const one = eye(n, optionsLike(x)), half = F.mul(skew, 0.5);
  return F.narrow(solve(F.sub(one, half), F.add(one, half)), -1, 0, k);
}

/**
 * Makes a parameter an orthogonal matrix Q, or a batch of them: QᵀQ is the identity, or QQᵀ where Q is wider than tall. Its value stays if it is
 * orthogonal; else it becomes the orthogonal factor of its QR decomposition.
 *
 * Throws `ValueError` where the module has no such parameter or the map is unknown, `ShapeError` for less than two dimensions. From
 * https://arxiv.org/abs/1909.09501.
 *
 * ```ts
 * import { eye, functional as F, nn } from "@tensaur/tensaur";
 *
 * const { weight } = nn.utils.parametrizations.orthogonal(new nn.Linear(3, 4));
 * console.log(F.allclose(weight.t().matmul(weight), eye(3), { atol: 1e-5 })); // true
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.parametrizations.orthogonal.html}
 */
export function orthogonal<M extends Module>(module: M, ...args: readonly (string | OrthogonalOptions)[]): M {
  const options = optionsOf<OrthogonalOptions>(["name"], ...args),
    { name = "weight", useTrivialization = true } = options;
  const weight = parameterOf("make orthogonal", module, fieldOf(module, name));
  if (weight.ndim < 2) {
    throw new ShapeError(
      `Cannot make "${name}" of shape [${weight.shape.join(", ")}] orthogonal: expected a matrix, or several`,
    );
  }
  const map = options.orthogonalMap ?? (weight.shape.at(-2) === weight.shape.at(-1) ? "matrix_exp" : "householder");
  if (map !== "matrix_exp" && map !== "cayley" && map !== "householder") {
    throw new ValueError(`Cannot use orthogonalMap "${map}": expected "matrix_exp", "cayley" or "householder"`);
  }
  const made = new Orthogonal(weight.shape, map, useTrivialization);
  return noGrad(() => registerParametrization(module, name, made, { unsafe: true }));
}
