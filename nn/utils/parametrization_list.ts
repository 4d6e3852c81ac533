/**
 * Tensors of modules that are computed from others.
 *
 * @module
 */

import { type DType, noGrad, ValueError } from "../../tensor/mod.ts";
import { Tensor } from "../../tensor/tensor.ts";
import type { Module } from "../module.ts";
import { replace } from "../replace.ts";
import { ModuleList } from "../module_list.ts";
import { Parameter } from "../parameter.ts";

/** A module that computes a tensor, and may say what to compute it from so that a given tensor comes out. */
export type Parametrization = Module & ((...originals: Tensor[]) => Tensor) & {
  /** What the parametrization gives `value` for: one tensor, or several. */
  rightInverse?(value: Tensor): Tensor | readonly Tensor[];
};

/**
 * The parametrizations of one tensor, and what it is computed from: `original`, or `original0`, `original1`, … where the first one takes
 * several. `nn.utils.parametrize.registerParametrization` makes it.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.parametrize.ParametrizationList.html}
 */
export class ParametrizationList extends ModuleList<Parametrization> {
  /** Whether shape and dtype may change. */
  unsafe: boolean;
  /** How many originals there are; null for the one that is called `original`. */
  readonly count: number | null;

  /** A tensor computed by `parametrizations`, one after another, that is `tensor` now if they have inverses. */
  constructor(parametrizations: readonly Parametrization[], tensor: Tensor, unsafe = false) {
    super(parametrizations);
    this.unsafe = unsafe;
    const { shape, dtype } = tensor;
    const original = noGrad(() => this.inverted(tensor.detach(), false));
    if (original instanceof Tensor) {
      requireDtype("rightInverse", original, dtype);
      this.count = null;
      replace(tensor, original.clone());
      this.keep("original", tensor);
    } else {
      this.count = original.length;
      original.forEach((part, i) => {
        const { requiresGrad } = tensor;
        this.keep(`original${i}`, tensor instanceof Parameter ? new Parameter(part, { requiresGrad }) : part);
      });
    }
    if (!unsafe) requireAlike(this.forward(), shape, dtype);
  }

  private keep(name: string, tensor: Tensor): void {
    if (tensor instanceof Parameter) this.registerParameter(name, tensor);
    else this.registerBuffer(name, tensor);
  }

  /** What the tensor is computed from so that it is `value`. */
  private inverted(value: Tensor, required: boolean): Tensor | readonly Tensor[] {
    let result: Tensor | readonly Tensor[] = value;
    for (const parametrization of [...this].reverse()) {
      if (parametrization.rightInverse !== undefined) result = parametrization.rightInverse(result as Tensor);
      else if (required) {
        throw new ValueError(
          `Cannot set a parametrized tensor: ${parametrization.constructor.name} has no rightInverse`,
        );
      }
    }
    return result;
  }

  /** The tensors that this one is computed from. */
  originals(): Tensor[] {
    const names = this.count === null ? ["original"] : Array.from({ length: this.count }, (_, i) => `original${i}`);
    return names.map((name) => Reflect.get(this, name) as Tensor);
  }

  /** Changes what the tensor is computed from so that it becomes `value`. */
  rightInverse(value: Tensor): void {
    noGrad(() => {
      const inverse = this.inverted(value.detach(), true), originals = this.originals();
      const parts = inverse instanceof Tensor ? [inverse] : inverse;
      if (parts.length !== originals.length || (inverse instanceof Tensor) !== (this.count === null)) {
        throw new ValueError(`Cannot set a tensor computed from ${originals.length} with ${parts.length}`);
      }
      parts.forEach((part, i) => {
        requireDtype("rightInverse", part, originals[i]!.dtype);
        replace(originals[i]!, part.clone());
      });
    });
  }

  /** The tensor. */
  override forward(): Tensor {
    const [first, ...rest] = this;
    return rest.reduce((x, parametrization) => parametrization(x), first!(...this.originals()));
  }
}

function requireDtype(what: string, tensor: Tensor, dtype: DType): void {
  if (tensor.dtype === dtype) return;
  throw new ValueError(`Cannot parametrize a ${dtype} tensor: ${what} gave ${tensor.dtype}`);
}

/** Throws unless a tensor is of the shape and dtype of what it takes the place of. */
export function requireAlike(tensor: unknown, shape: readonly number[], dtype: DType): asserts tensor is Tensor {
  if (!(tensor instanceof Tensor)) throw new ValueError("Cannot parametrize with a module that gives no tensor");
  requireDtype("the parametrization", tensor, dtype);
  if (tensor.shape.join() === shape.join()) return;
  throw new ValueError(
    `Cannot parametrize a tensor of shape [${shape.join(", ")}]: the parametrization gave [${
      tensor.shape.join(", ")
    }]. ` +
      "Pass unsafe: true to let it",
  );
}
