/**
 * Parameters and buffers whose size is not known yet.
 *
 * @module
 */

import { type DeviceName, type DType, empty, type Shape, type Tensor, ValueError } from "../tensor/mod.ts";
import { Buffer } from "./buffer.ts";
import type { LayerOptions } from "./linear.ts";
import { replace } from "./replace.ts";
import { Parameter } from "./parameter.ts";

/** What the elements will be like, and whether they gather gradients. */
export interface UninitializedParameterOptions extends LayerOptions {
  /** Whether the parameter gathers gradients. Default true. */
  readonly requiresGrad?: boolean;
}

/** What the elements will be like, and whether they are saved. */
export interface UninitializedBufferOptions extends LayerOptions {
  /** Whether the buffer is part of its module's state dict. Default true. */
  readonly persistent?: boolean;
}

/**
 * A parameter of unknown shape, as lazy modules have before their first call. It has a dtype and a device, and moves with its module; all
 * else has to wait for `materialize`, which makes it a `Parameter`, the same object, so that an optimizer made before has it.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layer = new nn.LazyLinear(4);
 * console.log(layer.weight, nn.isLazy(layer.weight)); // <UninitializedParameter> true
 * const weight = new nn.UninitializedParameter();
 * weight.materialize([2, 3]);
 * console.log(weight.shape, nn.isLazy(weight)); // torch.Size([2, 3]) false
 * ```
 *
 * @throws {ValueError} where its elements or its shape are used
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.parameter.UninitializedParameter.html}
 */
export class UninitializedParameter extends Parameter {
  /** A parameter whose shape comes later. */
  constructor({ requiresGrad = true, ...options }: UninitializedParameterOptions = {}) {
    super(empty([0], options), { requiresGrad });
  }

  /** Makes it a parameter of this shape, whose elements are to be set; dtype and device are its own where none are given. */
  materialize(shape: Shape, options: LayerOptions = {}): void {
    materialize(this, Parameter, shape, options);
  }

  /** PyTorch's words. */
  override toString(): string {
    return "<UninitializedParameter>";
  }
}

/**
 * A buffer of unknown shape, as lazy normalisations have before their first call; see `UninitializedParameter`.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const norm = new nn.LazyBatchNorm1d();
 * console.log(nn.isLazy(norm.runningMean!)); // true
 * const mean = new nn.UninitializedBuffer({ device: "cpu", dtype: "float64" });
 * mean.materialize([3]);
 * console.log(mean.shape, mean.dtype, mean instanceof nn.Buffer); // torch.Size([3]) float64 true
 * ```
 *
 * @throws {ValueError} where its elements or its shape are used
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.parameter.UninitializedBuffer.html}
 */
export class UninitializedBuffer extends Buffer {
  /** A buffer whose shape comes later. */
  constructor({ persistent = true, ...options }: UninitializedBufferOptions = {}) {
    super(empty([0], options), { persistent });
  }

  /** Makes it a buffer of this shape, whose elements are to be set; dtype and device are its own where none are given. */
  materialize(shape: Shape, options: LayerOptions = {}): void {
    materialize(this, Buffer, shape, options);
  }

  /** PyTorch's words. */
  override toString(): string {
    return "<UninitializedBuffer>";
  }

  /** The same in a template. */
  override [Symbol.toPrimitive](_hint: string): string {
    return this.toString();
  }

  /** What `console.log` shows. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }
}

/** A tensor whose shape comes later. */
export type Uninitialized = UninitializedParameter | UninitializedBuffer;

/**
 * Whether a parameter or buffer waits for its shape.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * const layer = new nn.LazyLinear(4);
 * console.log(layer.parameters().every(nn.isLazy)); // true
 * layer(ones([2, 3]));
 * console.log(layer.parameters().some(nn.isLazy)); // false
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.parameter.UninitializedParameter.html}
 */
export function isLazy(tensor: Tensor): tensor is Uninitialized {
  return tensor instanceof UninitializedParameter || tensor instanceof UninitializedBuffer;
}

/** What a tensor without elements is made of: no elements, of the dtype and on the device of those to come. */
const withoutElements: PropertyDescriptorMap & ThisType<Tensor> = {
  node: {
    get(): never {
      throw new ValueError(
        `Cannot use ${this.toString()}: its shape is not known yet. Call the module once with an input, or materialize(shape) it`,
      );
    },
  },
  dtype: {
    get(): DType {
      return this.variable.node.dtype;
    },
  },
  device: {
    get(): DeviceName {
      return this.variable.node.device;
    },
  },
};
for (const { prototype } of [UninitializedParameter, UninitializedBuffer]) {
  Object.defineProperties(prototype, withoutElements);
}

function materialize(
  tensor: Uninitialized,
  become: typeof Parameter | typeof Buffer,
  shape: Shape,
  { dtype = tensor.dtype, device = tensor.device }: LayerOptions,
): void {
  Object.setPrototypeOf(tensor, become.prototype);
  replace(tensor, empty(shape, { dtype, device }));
}
