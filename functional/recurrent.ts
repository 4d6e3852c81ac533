/**
 * Recurrent networks: what becomes of a state at each step of a sequence, in one cell and in layers of cells.
 *
 * Steps stay separate tensors from layer to layer; only the last layer's are joined.
 *
 * @module
 */

import { ShapeError, ValueError } from "../kernels/mod.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { relu } from "./activation/mod.ts";
import { show } from "./dims.ts";
import { dropout } from "./dropout.ts";
import { add, mul, sub } from "./elementwise/arithmetic.ts";
import { sigmoid } from "./elementwise/special.ts";
import { tanh } from "./elementwise/trigonometric.ts";
import { filled } from "./host.ts";
import { linear } from "./matrix/linear.ts";
import { cat, stack } from "./movement/cat.ts";
import { transpose } from "./movement/permute.ts";
import { squeeze, unsqueeze } from "./movement/reshape.ts";
import { select } from "./movement/slice.ts";
import { chunk, unbind } from "./movement/split.ts";

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

/** What one cell learns. */
interface Weights {
  readonly ih: Tensor;
  readonly hh: Tensor;
  readonly ihBias: Tensor | null;
  readonly hhBias: Tensor | null;
  /** From the hidden state of an LSTM to a smaller one. */
  readonly hr: Tensor | null;
}

/** The next state; its first tensor is the output. */
type Cell = (input: Tensor, state: readonly Tensor[], weights: Weights) => Tensor[];

const elman = (activation: (x: Tensor) => Tensor): Cell => (input, [h], w) => [
  activation(add(linear(input, w.ih, w.ihBias), linear(h!, w.hh, w.hhBias))),
];
const tanhStep = elman(tanh), reluStep = elman(relu);

const gruStep: Cell = (input, [h], w) => {
  const [ir, iz, candidate] = chunk(linear(input, w.ih, w.ihBias), 3, -1) as [Tensor, Tensor, Tensor];
  const [hr, hz, memory] = chunk(linear(h!, w.hh, w.hhBias), 3, -1) as [Tensor, Tensor, Tensor];
  const reset = sigmoid(add(ir, hr)), update = sigmoid(add(iz, hz));
  const fresh = tanh(add(candidate, mul(reset, memory)));
  return [add(mul(sub(h!, fresh), update), fresh)];
};

const lstmStep: Cell = (input, [h, c], w) => {
  const gates = add(linear(input, w.ih, w.ihBias), linear(h!, w.hh, w.hhBias));
  const [write, keep, fresh, show] = chunk(gates, 4, -1) as [Tensor, Tensor, Tensor, Tensor];
  const cell = add(mul(sigmoid(keep), c!), mul(sigmoid(write), tanh(fresh)));
  const output = mul(sigmoid(show), tanh(cell));
  return [w.hr === null ? output : linear(output, w.hr), cell];
};

/** One step by itself, once the shapes fit. */
function single(
  operation: string,
  cell: Cell,
  input: Tensor,
  state: readonly Tensor[],
  [ih, hh, ihBias, hhBias]: readonly [Tensor, Tensor, Tensor | null | undefined, Tensor | null | undefined],
): Tensor[] {
  const lead = show(input.shape.slice(0, -1)), size = hh.shape[1]!;
  if (input.ndim < 1 || input.ndim > 2 || input.shape.at(-1) !== ih.shape[1]) {
    throw new ShapeError(
      `Cannot apply ${operation} to an input of shape ${show(input.shape)}: expected [N, ${ih.shape[1]}] or [${
        ih.shape[1]
      }]`,
    );
  }
  for (const h of state) {
    if (show(h.shape.slice(0, -1)) === lead && h.shape.at(-1) === size) continue;
    throw new ShapeError(
      `Cannot apply ${operation} to a state of shape ${show(h.shape)}: expected ${
        show([...input.shape.slice(0, -1), size])
      }`,
    );
  }
  return cell(input, state, { ih, hh, ihBias: ihBias ?? null, hhBias: hhBias ?? null, hr: null });
}

/**
 * tanh(x Wᵢₕᵀ + bᵢₕ + h Wₕₕᵀ + bₕₕ): one step of an Elman network.
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * const h = F.rnnTanhCell(tensor([1.0]), tensor([0.0]), tensor([[0.5]]), tensor([[1.0]]));
 * console.log(`${h}`); // tensor([0.4621])
 * ```
 */
export function rnnTanhCell(
  input: Tensor,
  hx: Tensor,
  wIh: Tensor,
  wHh: Tensor,
  bIh?: Tensor | null,
  bHh?: Tensor | null,
): Tensor {
  return single("rnnTanhCell", tanhStep, input, [hx], [wIh, wHh, bIh, bHh])[0]!;
}

/**
 * relu(x Wᵢₕᵀ + bᵢₕ + h Wₕₕᵀ + bₕₕ): one step of an Elman network.
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * const h = F.rnnReluCell(tensor([1.0]), tensor([2.0]), tensor([[0.5]]), tensor([[1.0]]));
 * console.log(`${h}`); // tensor([2.5000])
 * ```
 */
export function rnnReluCell(
  input: Tensor,
  hx: Tensor,
  wIh: Tensor,
  wHh: Tensor,
  bIh?: Tensor | null,
  bHh?: Tensor | null,
): Tensor {
  return single("rnnReluCell", reluStep, input, [hx], [wIh, wHh, bIh, bHh])[0]!;
}

/**
 * One step of a gated recurrent unit. Its weights hold the rows of the reset gate, the update gate and the candidate.
 *
 * @example
 * ```ts
 * import { functional as F, ones, zeros } from "@tensaur/tensaur";
 * const h = F.gruCell(ones([2, 3]), zeros([2, 4]), ones([12, 3]), ones([12, 4]));
 * console.log(`${h.shape}`); // torch.Size([2, 4])
 * ```
 */
export function gruCell(
  input: Tensor,
  hx: Tensor,
  wIh: Tensor,
  wHh: Tensor,
  bIh?: Tensor | null,
  bHh?: Tensor | null,
): Tensor {
  return single("gruCell", gruStep, input, [hx], [wIh, wHh, bIh, bHh])[0]!;
}

/**
 * One step of a long short-term memory, [h, c]. Its weights hold the rows of the input gate, the forget gate, the candidate and the output
 * gate.
 *
 * @example
 * ```ts
 * import { functional as F, ones, zeros } from "@tensaur/tensaur";
 * const [h, c] = F.lstmCell(ones([2, 3]), [zeros([2, 4]), zeros([2, 4])], ones([16, 3]), ones([16, 4]));
 * console.log(`${h.shape} ${c.shape}`); // torch.Size([2, 4]) torch.Size([2, 4])
 * ```
 */
export function lstmCell(
  input: Tensor,
  hx: readonly [Tensor, Tensor],
  wIh: Tensor,
  wHh: Tensor,
  bIh?: Tensor | null,
  bHh?: Tensor | null,
): [Tensor, Tensor] {
  return single("lstmCell", lstmStep, input, hx, [wIh, wHh, bIh, bHh]) as [Tensor, Tensor];
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
