/**
 * Parameters as one vector.
 *
 * @module
 */

import * as F from "../../functional/mod.ts";
import { noGrad, ShapeError, type Tensor } from "../../tensor/mod.ts";

/**
 * The elements of all parameters in one vector.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * console.log(nn.utils.parametersToVector(new nn.Linear(2, 3).parameters()).shape); // torch.Size([9])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.parameters_to_vector.html}
 */
export function parametersToVector(parameters: Iterable<Tensor>): Tensor {
  return F.cat([...parameters].map((parameter) => parameter.reshape([-1])));
}

/**
 * Copies the elements of a vector into the parameters, one after another. Throws `ShapeError` where their numbers differ.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * const layer = new nn.Linear(2, 1);
 * nn.utils.vectorToParameters(ones([3]), layer.parameters());
 * console.log(layer.weight.tolist()); // [ [ 1, 1 ] ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.vector_to_parameters.html}
 */
export function vectorToParameters(vector: Tensor, parameters: Iterable<Tensor>): void {
  const list = [...parameters];
  const sizes = list.map((parameter) => parameter.numel());
  const expected = sizes.reduce((sum, size) => sum + size, 0);
  if (vector.numel() !== expected) {
    throw new ShapeError(`Cannot copy ${vector.numel()} elements into parameters that have ${expected}`);
  }
  noGrad(() => {
    F.split(vector, sizes).forEach((part, i) => list[i]!.copy_(part.reshape(list[i]!.shape)));
  });
}
