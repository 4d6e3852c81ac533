/**
 * Recurrent networks: layers of cells over a sequence.
 *
 * Whatever their form, sequences are taken as packed ones: the first step of all, then the second, and so on.
 *
 * @module
 */

import { ShapeError, ValueError } from "../kernels/mod.ts";
import { noted } from "../tensor/operations.ts";
import { requireTensor, requireTensorOrNone, requireTensors } from "../tensor/require_tensor.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { show } from "./dims.ts";
import { dropout } from "./dropout.ts";
import { filled } from "./host.ts";
import { cat } from "./movement/cat.ts";
import { stack } from "./movement/stack.ts";
import { transpose } from "./movement/permute.ts";
import { reshape, squeeze, unsqueeze } from "./movement/reshape.ts";
import { narrow, select } from "./movement/slice.ts";
import { linear } from "./matrix/linear.ts";
import { sharedLinear } from "./shared_linear.ts";
import { stepsOf } from "./steps.ts";
import { type Cell, gruStep, lstmStep, reluStep, tanhStep, type Weights } from "./recurrent_cell.ts";

/** Options of `rnnTanh`, `rnnRelu`, `gru` and `lstm`. */
export interface RecurrentOptions {
  /** Whether each cell's weights are followed by two biases. Default true. */
  readonly hasBiases?: boolean;
  /** How many layers there are, each on the outputs of the one before. Default 1. */
  readonly numLayers?: number;
  /** Probability that an output of any layer but the last is dropped. Default 0. */
  readonly dropout?: number;
  /** Whether anything is dropped at all. Default false. */
  readonly train?: boolean;
  /** Whether each layer also runs from the end to the start. Default false. */
  readonly bidirectional?: boolean;
  /** Whether the batch is the first dimension of input and output rather than the second. Default false. */
  readonly batchFirst?: boolean;
  /**
   * How many sequences have each step, largest first, where sequences differ in length: `input` is then [total steps, H], the first step of
   * all sequences, then the second of those that have one, and so on, and so is the output.
   */
  readonly batchSizes?: readonly number[] | null;
}

/** The flat list of parameters, by cell: the directions of the first layer, those of the second, and so on. */
function weightsOf(params: readonly Tensor[], count: number, hasBiases: boolean): Weights[] {
  const own = params.length / count, plain = hasBiases ? 4 : 2;
  if (own !== plain && own !== plain + 1) {
    throw new ValueError(
      `Cannot run ${count} recurrent cells with ${params.length} parameters: expected ${plain} each`,
    );
  }
  return Array.from({ length: count }, (_, i) => {
    const [ih, hh, ...rest] = params.slice(i * own, (i + 1) * own) as [Tensor, Tensor, ...Tensor[]];
    const [ihBias, hhBias] = hasBiases ? rest as [Tensor, Tensor] : [null, null];
    return { ih, hh, ihBias, hhBias, hr: own > plain ? rest.at(-1)! : null };
  });
}

/** The states before the first step, by cell. Those not given are zero. */
function startOf(
  operation: string,
  given: readonly Tensor[] | null,
  weights: readonly Weights[],
  sizes: readonly number[],
  input: Tensor,
  batch: number,
  unbatched: boolean,
): Tensor[][] {
  if (given === null) {
    return weights.map(() => sizes.map((size) => filled([batch, size], 0, input.dtype, input.device)));
  }
  given.forEach((state, i) => {
    const expected = unbatched ? [weights.length, sizes[i]!] : [weights.length, batch, sizes[i]!];
    if (show(state.shape) === show(expected)) return;
    throw new ShapeError(
      `Cannot apply ${operation} to a state of shape ${show(state.shape)}: expected ${show(expected)}`,
    );
  });
  const states = unbatched ? given.map((state) => unsqueeze(state, 1)) : given;
  return weights.map((_, i) => states.map((state) => select(state, 0, i)));
}

/**
 * The outputs of one cell, step by step as the inputs are, and its last state. A step has the first rows of a batch: sequences that have ended
 * keep their state, and those that have not begun wait with `start`.
 */
function scanned(
  cell: Cell,
  inputs: Tensor,
  sizes: readonly number[],
  start: readonly Tensor[],
  weights: Weights,
  backward: boolean,
): [output: Tensor, end: Tensor[]] {
  // The inputs' part of all steps is one product.
  const parts = stepsOf(linear(inputs, weights.ih, weights.ihBias), sizes),
    ordered = backward ? parts.reverse() : parts;
  const outputs: Tensor[] = [], ended: Tensor[][] = [];
  const gates = sharedLinear(weights.hh, weights.hhBias, sizes);
  const smaller = weights.hr === null ? null : sharedLinear(weights.hr, null, sizes);
  let state = rows(start, 0, ordered[0]!.shape[0]!);
  ordered.forEach((part, i) => {
    const now = part.shape[0]!, before = state[0]!.shape[0]!;
    if (now < before) {
      ended.unshift(rows(state, now, before));
      state = rows(state, 0, now);
    } else if (now > before) {
      const begun = rows(start, before, now);
      state = state.map((x, i) => cat([x, begun[i]!]));
    }
    const step = backward ? sizes.length - 1 - i : i;
    state = cell(part, state, {
      gates: (h) => gates(h, step),
      projected: smaller && ((h) => smaller(h, step)),
    });
    outputs.push(state[0]!);
  });
  const end = ended.length === 0 ? state : state.map((x, i) => cat([x, ...ended.map((rest) => rest[i]!)]));
  return [cat(backward ? outputs.reverse() : outputs), end];
}

/** Rows `from` to before `to` of each part of a state. */
function rows(state: readonly Tensor[], from: number, to: number): Tensor[] {
  return state.map((x) => from === 0 && to === x.shape[0] ? x : narrow(x, 0, from, to - from));
}

/** The output of the last layer, and the last states of all cells. */
function recurrent(
  operation: string,
  cell: Cell,
  input: Tensor,
  given: readonly Tensor[] | null,
  params: readonly Tensor[],
  options: RecurrentOptions,
): Tensor[] {
  const { hasBiases = true, numLayers = 1, dropout: p = 0, train = false, bidirectional = false, batchSizes = null } =
    options;
  const packed = batchSizes !== null, batchFirst = !packed && (options.batchFirst ?? false);
  const directions = bidirectional ? 2 : 1, unbatched = !packed && input.ndim === 2;
  const cells = weightsOf(params, numLayers * directions, hasBiases), { ih, hh, hr } = cells[0]!;
  if (packed) checkSizes(operation, input, batchSizes);
  if ((input.ndim !== 2 && (packed || input.ndim !== 3)) || input.shape.at(-1) !== ih.shape[1]) {
    throw new ShapeError(
      `Cannot apply ${operation} to an input of shape ${show(input.shape)}: expected [${
        batchFirst ? "N, L" : "L, N"
      }, ${ih.shape[1]}] or [L, ${ih.shape[1]}]`,
    );
  }
  const sequence = unbatched ? unsqueeze(input, 1) : batchFirst ? transpose(input, 0, 1) : input;
  const [length, batch] = packed ? [batchSizes.length, batchSizes[0]!] : sequence.shape as unknown as [number, number];
  if (length === 0) throw new ShapeError(`Cannot apply ${operation} to a sequence without steps`);
  const states = [hr === null ? hh.shape[1]! : hr.shape[0]!, ...(cell === lstmStep ? [hh.shape[0]! / 4] : [])];
  const starts = startOf(operation, given, cells, states, sequence, batch, unbatched), ends: Tensor[][] = [];

  // Sequences of one length are packed ones whose steps all have the whole batch.
  const sizes = batchSizes ?? new Array<number>(length).fill(batch);
  let data = packed ? sequence : reshape(sequence, [length * batch, ih.shape[1]!]);
  for (let layer = 0; layer < numLayers; layer++) {
    if (layer > 0 && train && p > 0) data = dropout(data, { p });
    const outputs: Tensor[] = [];
    for (let direction = 0; direction < directions; direction++) {
      const i = layer * directions + direction;
      const [output, end] = scanned(cell, data, sizes, starts[i]!, cells[i]!, direction === 1);
      outputs.push(output);
      ends.push(end);
    }
    data = outputs.length === 1 ? outputs[0]! : cat(outputs, -1);
  }

  const last = states.map((_, i) => stack(ends.map((end) => end[i]!)));
  if (packed) return [data, ...last];
  const output = reshape(data, [length, batch, data.shape[1]!]);
  const results = unbatched
    ? [output, ...last].map((x) => squeeze(x, 1))
    : [batchFirst ? transpose(output, 0, 1) : output, ...last];
  return noted(operation, results, () => ({
    inputs: [input, ...given ?? states.map(() => null), ...params],
    attributes: {
      states: states.length,
      hasBiases,
      numLayers,
      dropout: train ? p : 0,
      bidirectional,
      batchFirst,
      unbatched,
    },
  }));
}

function checkSizes(operation: string, input: Tensor, batchSizes: readonly number[]): void {
  const total = batchSizes.reduce((sum, size) => sum + size, 0);
  const falling = batchSizes.every((size, i) => size > 0 && size <= (batchSizes[i - 1] ?? Infinity));
  if (falling && batchSizes.length > 0 && input.shape[0] === total) return;
  throw new ShapeError(
    `Cannot apply ${operation} to packed steps of shape ${show(input.shape)} with batchSizes ${show(batchSizes)}: ` +
      "they must be positive, none larger than the one before it, and add up to the number of steps",
  );
}

/**
 * Layers of Elman networks with tanh over a sequence: [output, h].
 *
 * @param input [L, N, H], [N, L, H] with `batchFirst`, or [L, H]; [total steps, H] with `batchSizes`
 * @param hx The first states, [cells, N, hidden] or [cells, hidden]; null for zeros
 * @param params For each layer and direction its weights and biases, as `nn.RNN` holds them
 * @param options layers, directions, dropout and form of the batch, each with its default
 * @throws {ShapeError} where the input, a state or `batchSizes` does not fit the weights, and for a sequence without
 *   steps
 * @throws {ValueError} for another number of parameters than the cells have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.RNN.html}
 * @example
 * ```ts
 * import { functional as F, ones, randn } from "@tensaur/tensaur";
 * const [output, h] = F.rnnTanh(randn([5, 2, 3]), null, [ones([4, 3]), ones([4, 4])], { hasBiases: false });
 * console.log(`${output.shape} ${h.shape}`); // torch.Size([5, 2, 4]) torch.Size([1, 2, 4])
 * ```
 */
export function rnnTanh(
  input: Tensor,
  hx: Tensor | null,
  params: readonly Tensor[],
  options: RecurrentOptions = {},
): [output: Tensor, h: Tensor] {
  requireTensor("rnnTanh", "input", input);
  requireTensorOrNone("rnnTanh", "hx", hx);
  requireTensors("rnnTanh", "params", params);
  return recurrent("rnnTanh", tanhStep, input, hx && [hx], params, options) as [Tensor, Tensor];
}

/**
 * Layers of Elman networks with ReLU over a sequence: [output, h]. The arguments are those of `rnnTanh`.
 *
 * @throws {ShapeError} where the input, a state or `batchSizes` does not fit the weights, and for a sequence without
 *   steps
 * @throws {ValueError} for another number of parameters than the cells have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.RNN.html}
 * @example
 * ```ts
 * import { functional as F, ones, randn } from "@tensaur/tensaur";
 * const [output] = F.rnnRelu(randn([5, 3]), null, [ones([4, 3]), ones([4, 4])], { hasBiases: false });
 * console.log(`${output.shape}`); // torch.Size([5, 4])
 * ```
 */
export function rnnRelu(
  input: Tensor,
  hx: Tensor | null,
  params: readonly Tensor[],
  options: RecurrentOptions = {},
): [output: Tensor, h: Tensor] {
  requireTensor("rnnRelu", "input", input);
  requireTensorOrNone("rnnRelu", "hx", hx);
  requireTensors("rnnRelu", "params", params);
  return recurrent("rnnRelu", reluStep, input, hx && [hx], params, options) as [Tensor, Tensor];
}

/**
 * Layers of gated recurrent units over a sequence: [output, h]. The arguments are those of `rnnTanh`.
 *
 * @throws {ShapeError} where the input, a state or `batchSizes` does not fit the weights, and for a sequence without
 *   steps
 * @throws {ValueError} for another number of parameters than the cells have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.GRU.html}
 * @example
 * ```ts
 * import { functional as F, ones, randn } from "@tensaur/tensaur";
 * const [output] = F.gru(randn([5, 2, 3]), null, [ones([12, 3]), ones([12, 4])], { hasBiases: false });
 * console.log(`${output.shape}`); // torch.Size([5, 2, 4])
 * ```
 */
export function gru(
  input: Tensor,
  hx: Tensor | null,
  params: readonly Tensor[],
  options: RecurrentOptions = {},
): [output: Tensor, h: Tensor] {
  requireTensor("gru", "input", input);
  requireTensorOrNone("gru", "hx", hx);
  requireTensors("gru", "params", params);
  return recurrent("gru", gruStep, input, hx && [hx], params, options) as [Tensor, Tensor];
}

/**
 * Layers of long short-term memories over a sequence: [output, h, c]. The arguments are those of `rnnTanh`, except that the first states are
 * two; a weight more for each cell makes its hidden state smaller.
 *
 * @throws {ShapeError} where the input, a state or `batchSizes` does not fit the weights, and for a sequence without
 *   steps
 * @throws {ValueError} for another number of parameters than the cells have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LSTM.html}
 * @example
 * ```ts
 * import { functional as F, ones, randn } from "@tensaur/tensaur";
 * const [output, h, c] = F.lstm(randn([5, 2, 3]), null, [ones([16, 3]), ones([16, 4])], { hasBiases: false });
 * console.log(`${output.shape} ${h.shape} ${c.shape}`); // torch.Size([5, 2, 4]) torch.Size([1, 2, 4]) torch.Size([1, 2, 4])
 * ```
 */
export function lstm(
  input: Tensor,
  hx: readonly [Tensor, Tensor] | null,
  params: readonly Tensor[],
  options: RecurrentOptions = {},
): [output: Tensor, h: Tensor, c: Tensor] {
  requireTensor("lstm", "input", input);
  if (hx !== null) requireTensors("lstm", "hx", hx);
  requireTensors("lstm", "params", params);
  return recurrent("lstm", lstmStep, input, hx, params, options) as [Tensor, Tensor, Tensor];
}
