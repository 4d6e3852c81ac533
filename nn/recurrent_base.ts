/**
 * What recurrent networks over sequences have in common.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { empty, type Tensor, ValueError } from "../tensor/mod.ts";
import { pythonValue } from "../tensor/python_format.ts";
import * as init from "./init.ts";
import type { BiasOptions } from "./linear.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import { requireInput } from "./require_input.ts";
import { PackedSequence } from "./utils/packed_sequence.ts";

/** Options that all recurrent networks have. */
export interface RecurrentOptions extends BiasOptions {
  /** How many layers there are, each on the outputs of the one before. Default 1. */
  readonly numLayers?: number;
  /** Whether the batch is the first dimension of input and output rather than the second. Default false. */
  readonly batchFirst?: boolean;
  /** Probability that an output of any layer but the last is dropped while training. Default 0. */
  readonly dropout?: number;
  /** Whether each layer also runs from the end to the start. Default false. */
  readonly bidirectional?: boolean;
}

/** Options of `LSTM`. */
export interface LSTMOptions extends RecurrentOptions {
  /** The size of outputs and hidden states where it is smaller than `hiddenSize`; 0, the default, where it is that. */
  readonly projSize?: number;
}

/** What a cell learns: for its input, for its state, and from its state to a smaller one. */
type Kind = "weightIh" | "weightHh" | "biasIh" | "biasHh" | "weightHr";

/**
 * Base of `RNN`, `LSTM` and `GRU`: weights and biases for each layer and direction, uniform within ±1 / √hiddenSize at first.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const networks: nn.RNNBase[] = [new nn.LSTM(2, 3), new nn.GRU(2, 3)];
 * console.log(networks.map((network) => network.allWeights[0]![0]!.shape[0])); // [ 12, 9 ]
 * ```
 *
 * @throws {ValueError} for sizes that are not positive, a `projSize` not below `hiddenSize`, or a `dropout` outside of [0, 1]
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.RNNBase.html}
 */
export abstract class RNNBase extends Module {
  /** Weights and biases by layer, and with `Reverse` at the end those of the other direction: `weightIhL0`, `biasHhL1Reverse`. */
  [name: `weight${string}` | `biasIh${string}` | `biasHh${string}`]: Parameter;
  /** Size of each input. */
  readonly inputSize: number;
  /** Size of each state. */
  readonly hiddenSize: number;
  /** How many layers there are. */
  readonly numLayers: number;
  /** Whether the cells learn biases. */
  readonly bias: boolean;
  /** Whether the batch is the first dimension. */
  readonly batchFirst: boolean;
  /** Probability that what goes from layer to layer is dropped. */
  readonly dropout: number;
  /** Whether each layer also runs from the end to the start. */
  readonly bidirectional: boolean;
  /** The size of hidden states that are made smaller; 0 where they are not. */
  readonly projSize: number;

  /** Cells with `gates` times `hiddenSize` rows of weights. */
  constructor(inputSize: number, hiddenSize: number, gates: number, options: LSTMOptions) {
    super();
    const {
      numLayers = 1,
      bias = true,
      batchFirst = false,
      dropout = 0,
      bidirectional = false,
      projSize = 0,
      ...layerOptions
    } = options;
    if (!(dropout >= 0 && dropout <= 1)) {
      throw new ValueError(`Cannot drop elements with probability ${dropout}: expected a number from 0 to 1`);
    }
    requirePositive("hiddenSize", hiddenSize);
    requirePositive("numLayers", numLayers);
    if (!(projSize >= 0 && projSize < hiddenSize)) {
      throw new ValueError(`Cannot use projSize ${projSize}: expected 0 to less than hiddenSize, ${hiddenSize}`);
    }
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.numLayers = numLayers;
    this.bias = bias;
    this.batchFirst = batchFirst;
    this.dropout = dropout;
    this.bidirectional = bidirectional;
    this.projSize = projSize;

    const output = projSize || hiddenSize, rows = gates * hiddenSize;
    const shapes = (layer: number): Record<Kind, number[]> => ({
      weightIh: [rows, layer === 0 ? inputSize : output * (bidirectional ? 2 : 1)],
      weightHh: [rows, output],
      biasIh: [rows],
      biasHh: [rows],
      weightHr: [projSize, hiddenSize],
    });
    for (const [kind, layer, name] of this.cells()) {
      this.registerParameter(name, new Parameter(empty(shapes(layer)[kind], layerOptions)));
    }
    this.resetParameters();
  }

  /** Draws new weights. */
  resetParameters(): void {
    const bound = 1 / Math.sqrt(this.hiddenSize);
    for (const parameter of this.cellParameters()) init.uniform_(parameter, -bound, bound);
  }

  /** What each cell learns, by cell: the kind, the layer, and the name of the field. */
  private *cells(): Generator<[kind: Kind, layer: number, name: string]> {
    const kinds: Kind[] = ["weightIh", "weightHh"];
    if (this.bias) kinds.push("biasIh", "biasHh");
    if (this.projSize > 0) kinds.push("weightHr");
    for (let layer = 0; layer < this.numLayers; layer++) {
      for (const direction of this.bidirectional ? ["", "Reverse"] : [""]) {
        for (const kind of kinds) yield [kind, layer, `${kind}L${layer}${direction}`];
      }
    }
  }

  /** All weights and biases, by cell. */
  protected cellParameters(): Parameter[] {
    return Array.from(this.cells(), ([, , name]) => Reflect.get(this, name) as Parameter);
  }

  /** The weights and biases of each cell. */
  get allWeights(): Parameter[][] {
    const all = this.cellParameters(), size = all.length / (this.numLayers * (this.bidirectional ? 2 : 1));
    return Array.from({ length: all.length / size }, (_, i) => all.slice(i * size, (i + 1) * size));
  }

  /** Does nothing: weights need not lie next to each other here. For scripts that call PyTorch's. */
  flattenParameters(): void {}

  /**
   * [output, ...last states] of `run`, one of the functions of `functional`. Packed sequences stay in the order in which they are packed; their
   * states are in the order in which they were given.
   */
  protected run<S extends Tensor[]>(
    run: (input: Tensor, states: S | null, options: F.RecurrentOptions) => [output: Tensor, ...states: S],
    input: Tensor | PackedSequence,
    states: S | null,
  ): [output: Tensor | PackedSequence, ...states: S] {
    const { bias: hasBiases, numLayers, dropout, training: train, bidirectional, batchFirst } = this;
    const settings = { hasBiases, numLayers, dropout, train, bidirectional, batchFirst };
    if (!(input instanceof PackedSequence)) {
      requireInput(this, "input", input);
      return run(input, states, settings);
    }
    const { sortedIndices, unsortedIndices } = input;
    const ordered = (states: S, order: Tensor | null): S =>
      order === null ? states : states.map((state) => F.indexSelect(state, 1, order)) as S;
    const sorted = states && ordered(states, sortedIndices);
    const [output, ...last] = run(input.data, sorted, { ...settings, batchSizes: input.sizes() });
    return [input.withData(output), ...ordered(last, unsortedIndices)];
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    let text = `${this.inputSize}, ${this.hiddenSize}`;
    if (this.projSize !== 0) text += `, proj_size=${this.projSize}`;
    if (this.numLayers !== 1) text += `, num_layers=${this.numLayers}`;
    if (!this.bias) text += ", bias=False";
    if (this.batchFirst) text += ", batch_first=True";
    if (this.dropout !== 0) text += `, dropout=${pythonValue(this.dropout)}`;
    if (this.bidirectional) text += ", bidirectional=True";
    return text;
  }
}

function requirePositive(name: string, value: number): void {
  if (!Number.isInteger(value) || value <= 0) {
    throw new ValueError(`Cannot use ${name} ${value}: expected an integer above 0`);
  }
}
