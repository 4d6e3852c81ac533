/**
 * The softmax family.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { ShapeError, type Tensor } from "../tensor/mod.ts";
import { pythonValue } from "../tensor/python_format.ts";
import { optionsOf } from "../tensor/arguments.ts";
import { Module } from "./module.ts";
import { requireInput } from "./require_input.ts";

/** Options of the softmax family. */
export interface SoftmaxModuleOptions {
  /** The axis along which the results sum to one. */
  readonly dim?: number;
}

/**
 * Base of `Softmax`, `LogSoftmax` and `Softmin`: keeps the axis `dim`. Without one it is PyTorch's old choice: 0 for inputs with 0, 1 or 3
 * axes, else 1.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layers: nn.AlongAxis[] = [new nn.Softmax(1), new nn.LogSoftmax(-1)];
 * console.log(layers.map((layer) => layer.dim)); // [ 1, -1 ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Softmax.html}
 */
export abstract class AlongAxis extends Module {
  /** The axis along which the results sum to one; null for PyTorch's choice. */
  readonly dim: number | null;

  /** Works along `dim`, given as such or by name. */
  constructor(dim?: number | SoftmaxModuleOptions) {
    super();
    this.dim = optionsOf<SoftmaxModuleOptions>(["dim"], dim).dim ?? null;
  }

  /** The axis as an option. */
  protected get axis(): SoftmaxModuleOptions {
    return this.dim === null ? {} : { dim: this.dim };
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `dim=${pythonValue(this.dim)}`;
  }
}

/**
 * exp(xᵢ) / Σⱼ exp(xⱼ) along `dim`: non-negative numbers that sum to 1. The result has the shape of the input.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.Softmax(1)(tensor([[0.5, 0.5], [1, 3]])));
 * // tensor([[0.5000, 0.5000],
 * //         [0.1192, 0.8808]])
 * ```
 *
 * @throws {IndexError} in `forward`, for an axis that the input lacks
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Softmax.html}
 */
export class Softmax extends AlongAxis {
  /** Non-negative numbers that sum to one along the axis. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.softmax(input, this.axis);
  }
}

/**
 * xᵢ - log Σⱼ exp(xⱼ) along `dim`: the logarithm of softmax, exact where its numbers are small. The result has the shape of the input.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.LogSoftmax(0)(tensor([0.5, 100]))); // tensor([-99.5000,   0.0000])
 * ```
 *
 * @throws {IndexError} in `forward`, for an axis that the input lacks
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LogSoftmax.html}
 */
export class LogSoftmax extends AlongAxis {
  /** The logarithms of softmax. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.logSoftmax(input, this.axis);
  }
}

/**
 * exp(-xᵢ) / Σⱼ exp(-xⱼ) along `dim`. The result has the shape of the input.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.Softmin(0)(tensor([0.5, 1.5]))); // tensor([0.7311, 0.2689])
 * ```
 *
 * @throws {IndexError} in `forward`, for an axis that the input lacks
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Softmin.html}
 */
export class Softmin extends AlongAxis {
  /** Softmax of the negative. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.softmin(input, this.axis);
  }
}

/**
 * Softmax over the channels of images, at each position.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * console.log(new nn.Softmax2d()(randn([2, 3, 4, 5])).shape); // torch.Size([2, 3, 4, 5])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other than three or four axes
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Softmax2d.html}
 */
export class Softmax2d extends Module {
  /** `input` is [N, C, H, W] or [C, H, W]. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    if (input.ndim !== 3 && input.ndim !== 4) {
      throw new ShapeError(
        `Cannot apply Softmax2d to shape [${input.shape.join(", ")}]: expected [N, C, H, W] or [C, H, W]`,
      );
    }
    return F.softmax(input, { dim: -3 });
  }
}
