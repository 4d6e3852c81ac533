/**
 * Sequences of different lengths: padded to one tensor, or packed without padding.
 *
 * @module
 */

import * as F from "../../functional/mod.ts";
import { ShapeError, Tensor, tensor, ValueError } from "../../tensor/mod.ts";
import { PackedSequence, positionsOf } from "./packed_sequence.ts";

export { invertPermutation, PackedSequence } from "./packed_sequence.ts";

/** Where the batch is. */
export interface BatchFirstOptions {
  /** Whether the batch is the first dimension rather than the second. Default false. */
  readonly batchFirst?: boolean;
}

/** Options of `packSequence`. */
export interface PackOptions {
  /** Whether sequences that are not sorted by length, longest first, are an error rather than sorted. Default true. */
  readonly enforceSorted?: boolean;
}

/** Options of `packPaddedSequence`. */
export interface PackPaddedOptions extends PackOptions, BatchFirstOptions {}

/** Options of `padSequence`. */
export interface PadSequenceOptions extends BatchFirstOptions {
  /** What sequences are filled up with. Default 0. */
  readonly paddingValue?: number;
  /** Where it goes. Default "right". */
  readonly paddingSide?: "left" | "right";
}

/** Options of `padPackedSequence`. */
export interface PadPackedOptions extends BatchFirstOptions {
  /** What sequences are filled up with. Default 0. */
  readonly paddingValue?: number;
  /** The length to fill up to; that of the longest sequence by default. */
  readonly totalLength?: number | null;
}

/** Lengths as numbers. */
function lengthsOf(lengths: Tensor | readonly number[]): number[] {
  return lengths instanceof Tensor ? lengths.tolist() as number[] : [...lengths];
}

/** Packs rows of `source`; `rowOf` says where step t of sequence b is. */
function packed(
  source: Tensor,
  lengths: readonly number[],
  enforceSorted: boolean,
  rowOf: (b: number, t: number) => number,
): PackedSequence {
  if (lengths.length === 0 || lengths.some((length) => !Number.isInteger(length) || length <= 0)) {
    throw new ValueError(`Cannot pack sequences of lengths [${lengths.join(", ")}]: all must be above 0`);
  }
  const order = [...lengths.keys()];
  if (!enforceSorted) order.sort((a, b) => lengths[b]! - lengths[a]!);
  else if (lengths.some((length, i) => length > (lengths[i - 1] ?? Infinity))) {
    throw new ValueError(
      `Cannot pack sequences of lengths [${lengths.join(", ")}]: they must descend; enforceSorted: false sorts them`,
    );
  }
  const rows: number[] = [], sizes: number[] = [];
  for (let t = 0; t < lengths[order[0]!]!; t++) {
    const begun = order.filter((b) => lengths[b]! > t);
    rows.push(...begun.map((b) => rowOf(b, t)));
    sizes.push(begun.length);
  }
  const data = F.indexSelect(source, 0, positionsOf(rows, source.device));
  return new PackedSequence(data, positionsOf(sizes, "cpu"), enforceSorted ? null : positionsOf(order, source.device));
}

/**
 * Packs a padded batch. `lengths` says how many steps of each sequence count.
 *
 * Throws `ShapeError` where lengths and batch differ, `ValueError` where a length is not above 0, or the lengths do not descend and
 * `enforceSorted` is not false.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const padded = tensor([[1, 2, 0], [3, 0, 0], [4, 5, 6]]);
 * const packed = nn.utils.rnn.packPaddedSequence(padded, [2, 1, 3], { batchFirst: true, enforceSorted: false });
 * console.log(packed.data.tolist(), packed.sortedIndices!.tolist()); // [ 4, 1, 3, 5, 2, 6 ] [ 2, 0, 1 ]
 * ```
 *
 * @param input [T, B, ...], or [B, T, ...] with `batchFirst`
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pack_padded_sequence.html}
 */
export function packPaddedSequence(
  input: Tensor,
  lengths: Tensor | readonly number[],
  { batchFirst = false, enforceSorted = true }: PackPaddedOptions = {},
): PackedSequence {
  const list = lengthsOf(lengths), [first, second, ...rest] = input.shape as readonly number[];
  const [steps, batch] = batchFirst ? [second, first] : [first, second];
  if (steps === undefined || batch !== list.length || list.some((length) => length > steps)) {
    throw new ShapeError(
      `Cannot pack a batch of shape [${input.shape.join(", ")}] with lengths [${list.join(", ")}]: it must be ` +
        `${batchFirst ? "[B, T, ...]" : "[T, B, ...]"} with B lengths of at most T`,
    );
  }
  const flat = F.reshape(input, [steps * list.length, ...rest]);
  return packed(flat, list, enforceSorted, batchFirst ? (b, t) => b * steps + t : (b, t) => t * list.length + b);
}

/**
 * Packs a list of sequences, each [L, ...].
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const packed = nn.utils.rnn.packSequence([tensor([1, 2, 3]), tensor([4, 5]), tensor([6])]);
 * console.log(packed.data.tolist(), packed.batchSizes.tolist()); // [ 1, 4, 6, 2, 5, 3 ] [ 3, 2, 1 ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pack_sequence.html}
 */
export function packSequence(sequences: readonly Tensor[], { enforceSorted = true }: PackOptions = {}): PackedSequence {
  requireSequences("pack", sequences);
  const lengths = sequences.map((sequence) => sequence.shape[0]!);
  const starts = lengths.map((_, b) => lengths.slice(0, b).reduce((sum, length) => sum + length, 0));
  return packed(F.cat(sequences), lengths, enforceSorted, (b, t) => starts[b]! + t);
}

/**
 * [padded, lengths] of a packed batch, in the order in which the sequences were packed.
 *
 * Throws `ValueError` where `totalLength` is below that of the longest sequence.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const { packSequence, padPackedSequence } = nn.utils.rnn;
 * const [padded, lengths] = padPackedSequence(packSequence([tensor([1, 2]), tensor([3])]), { batchFirst: true });
 * console.log(padded.tolist(), lengths.tolist()); // [ [ 1, 2 ], [ 3, 0 ] ] [ 2, 1 ]
 * ```
 *
 * @returns [T, B, ...], or [B, T, ...] with `batchFirst`; and the lengths, on the CPU
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pad_packed_sequence.html}
 */
export function padPackedSequence(
  sequence: PackedSequence,
  { batchFirst = false, paddingValue = 0, totalLength }: PadPackedOptions = {},
): [padded: Tensor, lengths: Tensor] {
  const { data } = sequence, sizes = sequence.sizes(), steps = totalLength ?? sizes.length, batch = sizes[0]!;
  if (steps < sizes.length) {
    throw new ValueError(`Cannot pad to totalLength ${steps}: the longest sequence has ${sizes.length} steps`);
  }
  const places = sequence.unsortedIndices?.tolist() as number[] | undefined ??
    Array.from({ length: batch }, (_, b) => b);
  const lengths = places.map((place) => sizes.filter((size) => size > place).length);
  const starts = sizes.map((_, t) => sizes.slice(0, t).reduce((sum, size) => sum + size, 0));
  const [outer, inner] = batchFirst ? [batch, steps] : [steps, batch];
  const cells = Array.from({ length: outer * inner }, (_, i) => {
    const [a, b] = [Math.floor(i / inner), i % inner];
    return batchFirst ? [a, b] as const : [b, a] as const;
  });
  const rows = cells.map(([b, t]) => t < lengths[b]! ? starts[t]! + places[b]! : -1);
  const found = F.indexSelect(data, 0, positionsOf(rows.map((row) => Math.max(row, 0)), data.device));
  const shape = [outer, inner, ...data.shape.slice(1)];
  const own = tensor(rows.map((row) => row >= 0), {
    shape: [outer, inner, ...shape.slice(2).map(() => 1)],
    dtype: "bool",
    device: data.device,
  });
  const padding = tensor(paddingValue, { dtype: data.dtype, device: data.device });
  return [F.where(own, F.reshape(found, shape), padding), positionsOf(lengths, "cpu")];
}

/**
 * Sequences [L, ...] of different lengths in one tensor, filled up to the longest.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const padded = nn.utils.rnn.padSequence([tensor([1, 2, 3]), tensor([4])], { batchFirst: true, paddingValue: 9 });
 * console.log(padded.tolist()); // [ [ 1, 2, 3 ], [ 4, 9, 9 ] ]
 * ```
 *
 * @returns [T, B, ...], or [B, T, ...] with `batchFirst`
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pad_sequence.html}
 */
export function padSequence(
  sequences: readonly Tensor[],
  { batchFirst = false, paddingValue = 0, paddingSide = "right" }: PadSequenceOptions = {},
): Tensor {
  requireSequences("pad", sequences);
  if (paddingSide !== "left" && paddingSide !== "right") {
    throw new ValueError(`Cannot pad on side "${paddingSide}": expected "left" or "right"`);
  }
  const longest = Math.max(...sequences.map((sequence) => sequence.shape[0]!));
  const padded = sequences.map((sequence) => {
    const missing = longest - sequence.shape[0]!, inner = sequence.shape.slice(1).flatMap(() => [0, 0]);
    const border = paddingSide === "left" ? [missing, 0] : [0, missing];
    return missing === 0 ? sequence : F.constantPadNd(sequence, [...inner, ...border], paddingValue);
  });
  return F.stack(padded, batchFirst ? 0 : 1);
}

/**
 * The sequences of a padded batch, each with the length given.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const [a, b] = nn.utils.rnn.unpadSequence(tensor([[1, 2], [3, 0]]), [2, 1], { batchFirst: true });
 * console.log(a!.tolist(), b!.tolist()); // [ 1, 2 ] [ 3 ]
 * ```
 *
 * @param padded [T, B, ...], or [B, T, ...] with `batchFirst`
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.unpad_sequence.html}
 */
export function unpadSequence(
  padded: Tensor,
  lengths: Tensor | readonly number[],
  { batchFirst = false }: BatchFirstOptions = {},
): Tensor[] {
  const list = lengthsOf(lengths);
  return F.unbind(padded, batchFirst ? 0 : 1).slice(0, list.length).map((sequence, b) =>
    F.narrow(sequence, 0, 0, Math.max(0, Math.min(list[b]!, sequence.shape[0]!)))
  );
}

/**
 * The sequences of a packed batch, in the order in which they were packed.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const packed = nn.utils.rnn.packSequence([tensor([1]), tensor([2, 3])], { enforceSorted: false });
 * console.log(nn.utils.rnn.unpackSequence(packed).map((x) => x.tolist())); // [ [ 1 ], [ 2, 3 ] ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.unpack_sequence.html}
 */
export function unpackSequence(sequence: PackedSequence): Tensor[] {
  const [padded, lengths] = padPackedSequence(sequence, { batchFirst: true });
  return unpadSequence(padded, lengths, { batchFirst: true });
}

function requireSequences(operation: string, sequences: readonly Tensor[]): void {
  const [first] = sequences;
  if (first === undefined) throw new ValueError(`Cannot ${operation} no sequences: give at least one`);
  for (const { ndim, shape } of sequences) {
    if (ndim > 0 && `${shape.slice(1)}` === `${first.shape.slice(1)}`) continue;
    throw new ShapeError(
      `Cannot ${operation} sequences of shapes [${first.shape.join(", ")}] and [${shape.join(", ")}]: ` +
        "they may differ in the first dimension only",
    );
  }
}
