/**
 * Recurrent networks over sequences.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { type Tensor, ValueError } from "../tensor/mod.ts";
import { requireInputOrNone } from "./require_input.ts";
import { type LSTMOptions, type RecurrentOptions, RNNBase } from "./recurrent_base.ts";
import type { PackedSequence } from "./utils/packed_sequence.ts";

/** Options of `RNN`. */
export interface RNNOptions extends RecurrentOptions {
  /** The activation. Default "tanh". */
  readonly nonlinearity?: "tanh" | "relu";
}

/** Packed sequences give packed sequences. */
export interface RNN {
  /** Runs the hooks and `forward`. */
  (input: PackedSequence, hx?: Tensor | null): [output: PackedSequence, h: Tensor];
}

/**
 * Layers of Elman networks: h' = tanh(x Wᵢₕᵀ + bᵢₕ + h Wₕₕᵀ + bₕₕ), or with ReLU for tanh. The input is [L, N, inputSize], [N, L, inputSize]
 * with `batchFirst`, [L, inputSize], or packed; the result is the outputs of the last layer, [L, N, D · hiddenSize] with D = 2 where
 * `bidirectional`, and the last states, [D · numLayers, N, hiddenSize]. Defaults: numLayers 1, nonlinearity "tanh", bias true, batchFirst
 * false, dropout 0, bidirectional false.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const rnn = new nn.RNN(10, 20, { numLayers: 2 });
 * const [output, h] = rnn(randn([5, 3, 10]));
 * console.log(`${output.shape} ${h.shape}`); // torch.Size([5, 3, 20]) torch.Size([2, 3, 20])
 * ```
 *
 * @throws {ValueError} for sizes that are not positive, or an unknown nonlinearity
 * @throws {ShapeError} in `forward`, where the shapes do not fit
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.RNN.html}
 */
export class RNN extends RNNBase {
  /** The activation. */
  readonly nonlinearity: "tanh" | "relu";

  /** A network from `inputSize` to `hiddenSize` numbers. */
  constructor(inputSize: number, hiddenSize: number, { nonlinearity = "tanh", ...options }: RNNOptions = {}) {
    super(inputSize, hiddenSize, 1, options);
    this.nonlinearity = checkedNonlinearity(nonlinearity);
  }

  /** `input` is [L, N, inputSize], [N, L, inputSize] with `batchFirst`, [L, inputSize], or packed; `hx` has the first states of all cells. */
  override forward(input: PackedSequence, hx?: Tensor | null): [output: PackedSequence, h: Tensor];
  /** The same for a tensor. */
  override forward(input: Tensor, hx?: Tensor | null): [output: Tensor, h: Tensor];
  override forward(input: Tensor | PackedSequence, hx: Tensor | null = null): [Tensor | PackedSequence, Tensor] {
    requireInputOrNone(this, "hx", hx);
    const run = this.nonlinearity === "tanh" ? F.rnnTanh : F.rnnRelu, parameters = this.cellParameters();
    return this.run(
      (input, states, options) => run(input, states && states[0], parameters, options),
      input,
      hx && [hx],
    );
  }
}

/** `nonlinearity`, if it is one that Elman networks can have. */
export function checkedNonlinearity(nonlinearity: "tanh" | "relu"): "tanh" | "relu" {
  if (nonlinearity !== "tanh" && nonlinearity !== "relu") {
    throw new ValueError(`Cannot use nonlinearity "${nonlinearity}": expected "tanh" or "relu"`);
  }
  return nonlinearity;
}

/** Packed sequences give packed sequences. */
export interface GRU {
  /** Runs the hooks and `forward`. */
  (input: PackedSequence, hx?: Tensor | null): [output: PackedSequence, h: Tensor];
}

/**
 * Layers of gated recurrent units: r = σ(x Wᵢᵣᵀ + bᵢᵣ + h Wₕᵣᵀ + bₕᵣ), z likewise, n = tanh(x Wᵢₙᵀ + bᵢₙ + r · (h Wₕₙᵀ + bₕₙ)), h' = (1 - z)
 * · n + z · h. Shapes and defaults are those of `RNN`. From https://arxiv.org/abs/1406.1078.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const gru = new nn.GRU(10, 20, { batchFirst: true, bidirectional: true });
 * const [output, h] = gru(randn([3, 5, 10]));
 * console.log(`${output.shape} ${h.shape}`); // torch.Size([3, 5, 40]) torch.Size([2, 3, 20])
 * ```
 *
 * @throws {ValueError} for sizes that are not positive
 * @throws {ShapeError} in `forward`, where the shapes do not fit
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.GRU.html}
 */
export class GRU extends RNNBase {
  /** A network from `inputSize` to `hiddenSize` numbers. */
  constructor(inputSize: number, hiddenSize: number, options: RecurrentOptions = {}) {
    super(inputSize, hiddenSize, 3, options);
  }

  /** `input` is [L, N, inputSize], [N, L, inputSize] with `batchFirst`, [L, inputSize], or packed; `hx` has the first states of all cells. */
  override forward(input: PackedSequence, hx?: Tensor | null): [output: PackedSequence, h: Tensor];
  /** The same for a tensor. */
  override forward(input: Tensor, hx?: Tensor | null): [output: Tensor, h: Tensor];
  override forward(input: Tensor | PackedSequence, hx: Tensor | null = null): [Tensor | PackedSequence, Tensor] {
    requireInputOrNone(this, "hx", hx);
    const parameters = this.cellParameters();
    return this.run(
      (input, states, options) => F.gru(input, states && states[0], parameters, options),
      input,
      hx && [hx],
    );
  }
}

/** The states of an LSTM. */
export type LSTMState = readonly [h: Tensor, c: Tensor];

/** Packed sequences give packed sequences. */
export interface LSTM {
  /** Runs the hooks and `forward`. */
  (input: PackedSequence, hx?: LSTMState | null): [output: PackedSequence, state: [h: Tensor, c: Tensor]];
}

/**
 * Layers of long short-term memories: i, f, o = σ(x Wᵀ + b + h Uᵀ + d), g = tanh(…) likewise, c' = f · c + i · g, h' = o · tanh(c'), with
 * `projSize` multiplied with one more matrix. Shapes and defaults are those of `RNN`, with states [h, c] and projSize 0, none; with it,
 * outputs and h have its size. From Hochreiter and Schmidhuber, Long short-term memory (1997).
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const lstm = new nn.LSTM(10, 20, { projSize: 5 });
 * const [output, [h, c]] = lstm(randn([5, 3, 10]));
 * console.log(`${output.shape} ${h.shape}`); // torch.Size([5, 3, 5]) torch.Size([1, 3, 5])
 * console.log(`${c.shape}`); // torch.Size([1, 3, 20])
 * ```
 *
 * @throws {ValueError} for sizes that are not positive, or a `projSize` not below `hiddenSize`
 * @throws {ShapeError} in `forward`, where the shapes do not fit
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LSTM.html}
 */
export class LSTM extends RNNBase {
  /** A network from `inputSize` to `hiddenSize` numbers, or to `projSize`. */
  constructor(inputSize: number, hiddenSize: number, options: LSTMOptions = {}) {
    super(inputSize, hiddenSize, 4, options);
  }

  /** `input` is [L, N, inputSize], [N, L, inputSize] with `batchFirst`, [L, inputSize], or packed; `hx` has the first [h, c] of all cells. */
  override forward(
    input: PackedSequence,
    hx?: LSTMState | null,
  ): [output: PackedSequence, state: [h: Tensor, c: Tensor]];
  /** The same for a tensor. */
  override forward(input: Tensor, hx?: LSTMState | null): [output: Tensor, state: [h: Tensor, c: Tensor]];
  override forward(
    input: Tensor | PackedSequence,
    hx: LSTMState | null = null,
  ): [Tensor | PackedSequence, [h: Tensor, c: Tensor]] {
    const parameters = this.cellParameters(), first: [Tensor, Tensor] | null = hx && [...hx];
    const [output, h, c] = this.run(
      (input, states: [Tensor, Tensor] | null, options) => F.lstm(input, states, parameters, options),
      input,
      first,
    );
    return [output, [h, c]];
  }
}
