/**
 * Sequences of different lengths without padding.
 *
 * @module
 */

import { type DeviceName, type DType, ShapeError, type Tensor, tensor, ValueError } from "../../tensor/mod.ts";

/** Positions as a tensor. */
export function positionsOf(values: readonly number[], device: DeviceName): Tensor {
  return tensor(values, { shape: [values.length], dtype: "int32", device });
}

/**
 * The permutation that undoes a permutation; null for null.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(nn.utils.rnn.invertPermutation(tensor([2, 0, 1]))!.tolist()); // [ 1, 2, 0 ]
 * ```
 */
export function invertPermutation<P extends Tensor | null>(permutation: P): P {
  if (permutation === null) return permutation;
  const places = permutation.tolist() as number[], inverse: number[] = [];
  places.forEach((place, i) => inverse[place] = i);
  return positionsOf(inverse, permutation.device) as P;
}

/**
 * Sequences of different lengths, longest first, step by step: the first step of all sequences, then the second of those that have one, and so
 * on. Recurrent networks take it in the place of a padded tensor and compute nothing for padding. `packPaddedSequence` and `packSequence`
 * make it; it destructures as PyTorch's named tuple: `[data, batchSizes, sortedIndices, unsortedIndices]`.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const packed = nn.utils.rnn.packSequence([tensor([1, 2, 3]), tensor([4, 5])]);
 * console.log(packed.data.tolist(), packed.batchSizes.tolist()); // [ 1, 4, 2, 5, 3 ] [ 2, 2, 1 ]
 * ```
 *
 * @throws {ValueError} for `batchSizes` that are not on the CPU
 * @throws {ShapeError} for `batchSizes` that are no list
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.PackedSequence.html}
 */
export class PackedSequence implements Iterable<Tensor | null> {
  /** All steps, [total, ...]. */
  readonly data: Tensor;
  /** How many sequences have each step, on the CPU. */
  readonly batchSizes: Tensor;
  /** Which sequence came to each place when they were sorted; null where they were sorted already. */
  readonly sortedIndices: Tensor | null;
  /** At which place each sequence is now; null where they were sorted already. */
  readonly unsortedIndices: Tensor | null;

  /** Steps, how many sequences have each, and how the sequences were sorted. One order may be left out and follows from the other. */
  constructor(
    data: Tensor,
    batchSizes: Tensor,
    sortedIndices: Tensor | null = null,
    unsortedIndices: Tensor | null = null,
  ) {
    if (batchSizes.device !== "cpu") {
      throw new ValueError(`Cannot pack steps with batchSizes on ${batchSizes.device}: they must be on the CPU`);
    }
    if (batchSizes.ndim !== 1) {
      throw new ShapeError(
        `Cannot pack steps with batchSizes of shape [${batchSizes.shape.join(", ")}]: expected a list`,
      );
    }
    this.data = data;
    this.batchSizes = batchSizes;
    this.sortedIndices = sortedIndices ?? invertPermutation(unsortedIndices);
    this.unsortedIndices = unsortedIndices ?? invertPermutation(sortedIndices);
  }

  /** The four parts, in PyTorch's order. */
  *[Symbol.iterator](): Iterator<Tensor | null> {
    yield* [this.data, this.batchSizes, this.sortedIndices, this.unsortedIndices];
  }

  /** How many sequences have each step, as numbers. */
  sizes(): number[] {
    return this.batchSizes.tolist() as number[];
  }

  /** The same sequences with other data of as many steps. */
  withData(data: Tensor): PackedSequence {
    return new PackedSequence(data, this.batchSizes, this.sortedIndices, this.unsortedIndices);
  }

  /** The same sequences on a device, or of a dtype. */
  to(target: DeviceName | DType): PackedSequence {
    const data = this.data.to(target);
    if (data.device === this.data.device) return this.withData(data);
    const [sorted, unsorted] = [this.sortedIndices, this.unsortedIndices].map((x) => x && x.to(data.device));
    return new PackedSequence(data, this.batchSizes, sorted!, unsorted!);
  }

  /** The same sequences on the CPU. */
  cpu(): PackedSequence {
    return this.to("cpu");
  }

  /** The same sequences in float32. */
  float(): PackedSequence {
    return this.to("float32");
  }

  /** The same sequences in float64. */
  double(): PackedSequence {
    return this.to("float64");
  }

  /** The same sequences in float16. */
  half(): PackedSequence {
    return this.to("float16");
  }
}
