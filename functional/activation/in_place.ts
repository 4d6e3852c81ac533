/**
 * Activations that overwrite their input.
 *
 * @module
 */

import { celu, elu, selu } from "./elu.ts";
import { hardtanh, leakyRelu, relu, relu6, threshold } from "./relu.ts";
import { inPlace } from "../in_place.ts";
import { rrelu } from "./random.ts";

/**
 * `relu` in place: the result overwrites x, which is returned.
 *
 * @throws {AutogradError} for a leaf that requires a gradient
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.relu_.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * const x = tensor([-1, 0.5]);
 * F.relu_(x);
 * console.log(x); // tensor([0.0000, 0.5000])
 * ```
 */
export const relu_: typeof relu = inPlace("relu_", relu);
/**
 * `relu6` in place: the result overwrites x, which is returned.
 *
 * @throws {AutogradError} for a leaf that requires a gradient
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.relu6.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * const x = tensor([-1, 6.5]);
 * F.relu6_(x);
 * console.log(x); // tensor([0., 6.])
 * ```
 */
export const relu6_: typeof relu6 = inPlace("relu6_", relu6);
/**
 * `leakyRelu` in place: the result overwrites x, which is returned.
 *
 * @throws {AutogradError} for a leaf that requires a gradient
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.leaky_relu_.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * const x = tensor([-1, 0.5]);
 * F.leakyRelu_(x, 0.1);
 * console.log(x); // tensor([-0.1000,  0.5000])
 * ```
 */
export const leakyRelu_: typeof leakyRelu = inPlace("leakyRelu_", leakyRelu);
/**
 * `elu` in place: the result overwrites x, which is returned.
 *
 * @throws {AutogradError} for a leaf that requires a gradient
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.elu_.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * const x = tensor([-1, 0.5]);
 * F.elu_(x);
 * console.log(x); // tensor([-0.6321,  0.5000])
 * ```
 */
export const elu_: typeof elu = inPlace("elu_", elu);
/**
 * `celu` in place: the result overwrites x, which is returned.
 *
 * @throws {AutogradError} for a leaf that requires a gradient
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.celu.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * const x = tensor([-1, 0.5]);
 * F.celu_(x, 2);
 * console.log(x); // tensor([-0.7869,  0.5000])
 * ```
 */
export const celu_: typeof celu = inPlace("celu_", celu);
/**
 * `selu` in place: the result overwrites x, which is returned.
 *
 * @throws {AutogradError} for a leaf that requires a gradient
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.selu.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * const x = tensor([-1, 0.5]);
 * F.selu_(x);
 * console.log(x); // tensor([-1.1113,  0.5254])
 * ```
 */
export const selu_: typeof selu = inPlace("selu_", selu);
/**
 * `hardtanh` in place: the result overwrites x, which is returned.
 *
 * @throws {AutogradError} for a leaf that requires a gradient
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.hardtanh_.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * const x = tensor([-1.5, 0.5]);
 * F.hardtanh_(x);
 * console.log(x); // tensor([-1.0000,  0.5000])
 * ```
 */
export const hardtanh_: typeof hardtanh = inPlace("hardtanh_", hardtanh);
/**
 * `threshold` in place: the result overwrites x, which is returned.
 *
 * @throws {AutogradError} for a leaf that requires a gradient
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.threshold_.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * const x = tensor([0.1, 0.5]);
 * F.threshold_(x, 0.2, 0);
 * console.log(x); // tensor([0.0000, 0.5000])
 * ```
 */
export const threshold_: typeof threshold = inPlace("threshold_", threshold);
/**
 * `rrelu` in place: the result overwrites x, which is returned.
 *
 * @throws {AutogradError} for a leaf that requires a gradient
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.rrelu_.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * const x = tensor([-8, 0.5]);
 * F.rrelu_(x);
 * console.log(x); // tensor([-1.8333,  0.5000])
 * ```
 */
export const rrelu_: typeof rrelu = inPlace("rrelu_", rrelu);
