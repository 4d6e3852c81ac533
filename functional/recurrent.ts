/**
 * Recurrent networks: layers of cells over a sequence.
 *
 * Steps stay separate tensors from layer to layer; only the last layer's are joined.
 *
 * @module
 */

import { ShapeError, ValueError } from "../kernels/mod.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { show } from "./dims.ts";
import { dropout } from "./dropout.ts";
import { filled } from "./host.ts";
import { cat, stack } from "./movement/cat.ts";
import { transpose } from "./movement/permute.ts";
import { squeeze, unsqueeze } from "./movement/reshape.ts";
import { select } from "./movement/slice.ts";
import { unbind } from "./movement/split.ts";
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
  unbatched: boolean,
): Tensor[][] {
  const batch = input.shape[1]!;
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

/** The outputs of one cell in the order in which it saw `steps`, and its last state. */
function scanned(
  cell: Cell,
  steps: readonly Tensor[],
  start: readonly Tensor[],
  weights: Weights,
): [Tensor[], Tensor[]] {
  let state = [...start];
  const outputs = steps.map((step) => (state = cell(step, state, weights))[0]!);
  return [outputs, state];
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
  const { hasBiases = true, numLayers = 1, bidirectional = false, batchFirst = false } = options;
  const directions = bidirectional ? 2 : 1, unbatched = input.ndim === 2;
  const cells = weightsOf(params, numLayers * directions, hasBiases), { ih, hh, hr } = cells[0]!;
  if ((input.ndim !== 2 && input.ndim !== 3) || input.shape.at(-1) !== ih.shape[1]) {
    throw new ShapeError(
      `Cannot apply ${operation} to an input of shape ${show(input.shape)}: expected [${
        batchFirst ? "N, L" : "L, N"
      }, ${ih.shape[1]}] or [L, ${ih.shape[1]}]`,
    );
  }
  const sequence = unbatched ? unsqueeze(input, 1) : batchFirst ? transpose(input, 0, 1) : input;
  if (sequence.shape[0] === 0) throw new ShapeError(`Cannot apply ${operation} to a sequence without steps`);
  const sizes = [hr === null ? hh.shape[1]! : hr.shape[0]!, ...(cell === lstmStep ? [hh.shape[0]! / 4] : [])];
  const starts = startOf(operation, given, cells, sizes, sequence, unbatched), ends: Tensor[][] = [];

  let steps = unbind(sequence, 0);
  for (let layer = 0; layer < numLayers; layer++) {
    if (layer > 0) steps = droppedSteps(steps, options);
    const first = layer * directions;
    const [outputs, end] = scanned(cell, steps, starts[first]!, cells[first]!);
    ends.push(end);
    if (bidirectional) {
      const [back, backEnd] = scanned(cell, steps.toReversed(), starts[first + 1]!, cells[first + 1]!);
      ends.push(backEnd);
      back.reverse();
      steps = outputs.map((output, i) => cat([output, back[i]!], -1));
    } else steps = outputs;
  }

  const states = sizes.map((_, i) => stack(ends.map((end) => end[i]!)));
  const output = stack(steps, batchFirst && !unbatched ? 1 : 0);
  return unbatched ? [output, ...states].map((x) => squeeze(x, 1)) : [output, ...states];
}

/** What one layer passes to the next. All steps are dropped at once, as that is how PyTorch draws. */
function droppedSteps(steps: Tensor[], { dropout: p = 0, train = false }: RecurrentOptions): Tensor[] {
  return train && p > 0 ? unbind(dropout(stack(steps), { p }), 0) : steps;
}

/**
 * Layers of Elman networks with tanh over a sequence: [output, h].
 *
 * @param input [L, N, H], [N, L, H] with `batchFirst`, or [L, H]
 * @param hx The first states, [cells, N, hidden] or [cells, hidden]; null for zeros
 * @param params For each layer and direction its weights and biases, as `nn.RNN` holds them
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
  return recurrent("rnnTanh", tanhStep, input, hx && [hx], params, options) as [Tensor, Tensor];
}

/**
 * Layers of Elman networks with ReLU over a sequence: [output, h]. The arguments are those of `rnnTanh`.
 *
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
  return recurrent("rnnRelu", reluStep, input, hx && [hx], params, options) as [Tensor, Tensor];
}

/**
 * Layers of gated recurrent units over a sequence: [output, h]. The arguments are those of `rnnTanh`.
 *
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
  return recurrent("gru", gruStep, input, hx && [hx], params, options) as [Tensor, Tensor];
}

/**
 * Layers of long short-term memories over a sequence: [output, h, c]. The arguments are those of `rnnTanh`, except that the first states are
 * two; a weight more for each cell makes its hidden state smaller.
 *
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
  return recurrent("lstm", lstmStep, input, hx, params, options) as [Tensor, Tensor, Tensor];
}
