/**
 * How it is decided which elements of a parameter stay.
 *
 * @module
 */

import * as F from "../../functional/mod.ts";
import { IndexError, noGrad, ones, onesLike, rand, ShapeError, type Tensor, ValueError } from "../../tensor/mod.ts";
import type { Module } from "../module.ts";
import { dropFields, fieldOf, parameterOf, Recomputed, recomputing, tensorOf } from "./recomputed.ts";

/** How much is pruned: a share of the elements below 1, or a count from 1 on. As 1.0 is 1 in JavaScript, 1 is one element. */
export type PruningAmount = number;

/** Options of prunings that look at elements. */
export interface ImportanceOptions {
  /** What is looked at in the place of the elements; of the parameter's shape. */
  readonly importanceScores?: Tensor | null;
}

/**
 * Base class of pruning methods. Yours says with `computeMask` which elements stay; `apply` prunes.
 *
 * ```ts
 * import { nn, type Tensor } from "@tensaur/tensaur";
 *
 * class Positive extends nn.utils.prune.BasePruningMethod {
 *   override computeMask(t: Tensor, defaultMask: Tensor): Tensor {
 *     return defaultMask.mul(t.gt(0).to(defaultMask.dtype));
 *   }
 * }
 * const layer = new nn.Linear(3, 2);
 * new Positive().apply(layer, "weight");
 * console.log(Number(layer.weight.min().item()) >= 0); // true
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.prune.BasePruningMethod.html}
 */
export abstract class BasePruningMethod {
  /**
   * What a second pruning of the same parameter looks at: "unstructured", only the elements that are left; "structured", only the channels along
   * `dim` that have any; "global", all.
   */
  readonly pruningType: "unstructured" | "structured" | "global" = "unstructured";
  /** The dimension of channels. */
  readonly dim: number = -1;

  /** 1 where an element of `t` stays, else 0; `defaultMask` says which are still there. */
  abstract computeMask(t: Tensor, defaultMask: Tensor): Tensor;

  /** Prunes a parameter of a module, further if it is pruned already. */
  apply<M extends Module>(module: M, name: string, { importanceScores }: ImportanceOptions = {}): M {
    const field = fieldOf(module, name), before = recomputing(module, Masked, field);
    const present = before === undefined ? parameterOf("prune", module, field) : tensorOf(module, field);
    const scores = importanceScores ?? present;
    if (`${scores.shape}` !== `${present.shape}`) {
      throw new ShapeError(
        `Cannot prune ${field} of shape ${present.shape} by importanceScores of shape ${scores.shape}`,
      );
    }
    const hook = before ?? new Masked(field);
    const mask = noGrad(() => {
      const t = scores.detach();
      return before === undefined ? this.computeMask(t, onesLike(t)) : this.narrowed(t, tensorOf(module, hook.mask));
    });
    if (before === undefined) {
      dropFields(module, field);
      module.registerParameter(hook.original, present as Parameters<Module["registerParameter"]>[1]);
      hook.attach(module);
    }
    module.registerBuffer(hook.mask, mask);
    hook.call(module);
    return module;
  }

  /** `t` without what is pruned; nothing is kept. */
  prune(
    t: Tensor,
    { importanceScores, defaultMask }: ImportanceOptions & { readonly defaultMask?: Tensor } = {},
  ): Tensor {
    const scores = importanceScores ?? t;
    return F.mul(t, this.computeMask(scores.detach(), defaultMask ?? onesLike(t.detach())));
  }

  /** The mask after another pruning, which looks at what `mask` leaves. */
  narrowed(t: Tensor, mask: Tensor): Tensor {
    if (this.pruningType === "global") return this.computeMask(t, mask);
    if (this.pruningType === "unstructured") {
      const left = F.eq(mask, 1);
      const part = this.computeMask(F.maskedSelect(t, left), F.maskedSelect(mask, left));
      return F.maskedScatter(mask, left, part.to(mask.dtype));
    }
    const axis = this.dim < 0 ? this.dim + t.ndim : this.dim;
    const others = [...t.shape.keys()].filter((i) => i !== axis);
    const channels = F.reshape(F.nonzero(F.ne(F.sum(mask, others), 0)), [-1]);
    const part = this.computeMask(F.indexSelect(t, axis, channels), F.indexSelect(mask, axis, channels));
    return F.indexCopy(mask, axis, channels, part.to(mask.dtype));
  }
}

/** The hook that masks a parameter. */
export class Masked extends Recomputed {
  /** The field of the parameter. */
  get original(): string {
    return `${this.field}Orig`;
  }

  /** The field of the mask. */
  get mask(): string {
    return `${this.field}Mask`;
  }

  /** What the mask leaves. */
  override compute(module: Module): Tensor {
    const original = tensorOf(module, this.original);
    return F.mul(tensorOf(module, this.mask).to(original.dtype), original);
  }
}

/** How many of `size` are pruned. */
function countOf(amount: PruningAmount, size: number): number {
  if (amount < 1) return roundHalfEven(amount * size);
  if (amount > size) throw new ValueError(`Cannot prune ${amount} of ${size}`);
  return amount;
}

/** Python's `round`. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  return value - below === 0.5 ? below + below % 2 : Math.round(value);
}

function checkedAmount(amount: PruningAmount): number {
  if (amount >= 0 && (amount < 1 || Number.isInteger(amount))) return amount;
  throw new ValueError(`Cannot prune an amount of ${amount}: expected a share from 0 to 1 or a whole number`);
}

/** `mask` with 0 at flat positions. */
function without(mask: Tensor, positions: Tensor): Tensor {
  return F.reshape(F.indexFill(F.reshape(mask, [-1]), 0, positions, 0), mask.shape);
}

/** Prunes nothing, but makes the parameter one that is pruned. */
export class Identity extends BasePruningMethod {
  /** What is there stays. */
  override computeMask(_t: Tensor, defaultMask: Tensor): Tensor {
    return defaultMask;
  }
}

/** Prunes elements at random. */
export class RandomUnstructured extends BasePruningMethod {
  /** How much. */
  readonly amount: PruningAmount;

  /** Prunes `amount` elements. */
  constructor(amount: PruningAmount) {
    super();
    this.amount = checkedAmount(amount);
  }

  /** Takes the largest of uniform random numbers. */
  override computeMask(t: Tensor, defaultMask: Tensor): Tensor {
    const count = countOf(this.amount, t.numel());
    if (count === 0) return defaultMask.clone();
    const chances = rand([t.numel()], { dtype: t.dtype, device: t.device });
    return without(defaultMask, F.topk(chances, count).indices);
  }
}

/** Prunes the elements of least magnitude. */
export class L1Unstructured extends BasePruningMethod {
  /** How much. */
  readonly amount: PruningAmount;

  /** Prunes `amount` elements. */
  constructor(amount: PruningAmount) {
    super();
    this.amount = checkedAmount(amount);
  }

  /** Takes the elements of least magnitude. */
  override computeMask(t: Tensor, defaultMask: Tensor): Tensor {
    const count = countOf(this.amount, t.numel());
    if (count === 0) return defaultMask.clone();
    return without(defaultMask, F.topk(F.reshape(F.abs(t), [-1]), count, { largest: false }).indices);
  }
}

/** Channels along `dim`, and how many of them are pruned. */
function channelsOf(t: Tensor, dim: number, amount: PruningAmount): { axis: number; size: number; count: number } {
  if (t.ndim < 2) throw new ValueError(`Cannot prune channels of shape ${t.shape}: expected two dimensions or more`);
  if (dim >= t.ndim || dim < -t.ndim) throw new IndexError(`Cannot prune along dimension ${dim} of shape ${t.shape}`);
  const axis = dim < 0 ? dim + t.ndim : dim, size = t.shape[axis]!;
  return { axis, size, count: countOf(amount, size) };
}

/** `mask` with 0 in all channels along `axis` but those that are kept. */
function channelsKept(mask: Tensor, axis: number, kept: Tensor): Tensor {
  return F.mul(mask, F.reshape(kept.to(mask.dtype), mask.shape.map((extent, i) => i === axis ? extent : 1)));
}

/** Prunes whole channels at random. */
export class RandomStructured extends BasePruningMethod {
  /** Channels. */
  override readonly pruningType = "structured";
  /** How much. */
  readonly amount: PruningAmount;
  /** The dimension of channels. */
  override readonly dim: number;

  /** Prunes `amount` channels along `dim`, the last by default. */
  constructor(amount: PruningAmount, dim = -1) {
    super();
    this.amount = checkedAmount(amount);
    this.dim = dim;
  }

  /** Takes the smallest of uniform random numbers. */
  override computeMask(t: Tensor, defaultMask: Tensor): Tensor {
    const { axis, size, count } = channelsOf(t, this.dim, this.amount);
    if (count === 0) return defaultMask;
    const chances = rand([size], { device: t.device });
    return channelsKept(defaultMask, axis, F.gt(chances, F.kthvalue(chances, count).values));
  }
}

/** Prunes the whole channels of least norm. */
export class LnStructured extends BasePruningMethod {
  /** Channels. */
  override readonly pruningType = "structured";
  /** How much. */
  readonly amount: PruningAmount;
  /** Which norm. */
  readonly n: number;
  /** The dimension of channels. */
  override readonly dim: number;

  /** Prunes `amount` channels along `dim`, the last by default, by their `n`-norm. */
  constructor(amount: PruningAmount, n: number, dim = -1) {
    super();
    this.amount = checkedAmount(amount);
    this.n = n;
    this.dim = dim;
  }

  /** Keeps the channels of largest norm. */
  override computeMask(t: Tensor, defaultMask: Tensor): Tensor {
    const { axis, size, count } = channelsOf(t, this.dim, this.amount);
    if (count === 0) return defaultMask;
    const norms = F.norm(t, this.n, [...t.shape.keys()].filter((i) => i !== axis));
    const dropped = F.indexFill(ones([size], { dtype: t.dtype, device: t.device }), 0, pruned(norms, size - count), 0);
    return channelsKept(defaultMask, axis, dropped);
  }
}

/** The positions of all but the `kept` largest. */
function pruned(norms: Tensor, kept: number): Tensor {
  return F.narrow(F.topk(norms, norms.numel()).indices, 0, kept, norms.numel() - kept);
}

/** Prunes what a given mask says. */
export class CustomFromMask extends BasePruningMethod {
  /** All elements. */
  override readonly pruningType = "global";
  /** 1 where an element stays, else 0. */
  readonly mask: Tensor;

  /** Keeps the elements where `mask` is 1. */
  constructor(mask: Tensor) {
    super();
    this.mask = mask;
  }

  /** What both masks leave. */
  override computeMask(_t: Tensor, defaultMask: Tensor): Tensor {
    if (`${this.mask.shape}` !== `${defaultMask.shape}`) {
      throw new ShapeError(
        `Cannot prune a parameter of shape ${defaultMask.shape} by a mask of shape ${this.mask.shape}`,
      );
    }
    return F.mul(defaultMask, this.mask.to({ dtype: defaultMask.dtype, device: defaultMask.device }));
  }
}
