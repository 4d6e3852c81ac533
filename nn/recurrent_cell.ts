/**
 * Single cells of recurrent networks.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { empty, type Tensor, zeros } from "../tensor/mod.ts";
import * as init from "./init.ts";
import type { BiasOptions } from "./linear.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import { requireInput, requireInputOrNone } from "./require_input.ts";
import { checkedNonlinearity } from "./recurrent.ts";

/** Options of `RNNCell`. */
export interface RNNCellOptions extends BiasOptions {
  /** The activation. Default "tanh". */
  readonly nonlinearity?: "tanh" | "relu";
}

/**
 * Base of `RNNCell`, `LSTMCell` and `GRUCell`: weights and biases of one step, uniform within ±1 / √hiddenSize at first.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const cells: nn.RNNCellBase[] = [new nn.RNNCell(2, 3), new nn.LSTMCell(2, 3)];
 * console.log(cells.map((cell) => cell.weightIh.shape[0])); // [ 3, 12 ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.RNNCell.html}
 */
export abstract class RNNCellBase extends Module {
  /** Size of each input. */
  readonly inputSize: number;
  /** Size of each state. */
  readonly hiddenSize: number;
  /** What the input is multiplied with, of shape [gates · hiddenSize, inputSize]. */
  weightIh: Parameter;
  /** What the state is multiplied with, of shape [gates · hiddenSize, hiddenSize]. */
  weightHh: Parameter;
  /** What is added to the input's part; null without bias. */
  biasIh: Parameter | null;
  /** What is added to the state's part; null without bias. */
  biasHh: Parameter | null;

  /** A cell with `gates` times `hiddenSize` rows of weights. */
  constructor(inputSize: number, hiddenSize: number, gates: number, { bias = true, ...options }: BiasOptions) {
    super();
    const rows = gates * hiddenSize;
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.weightIh = new Parameter(empty([rows, inputSize], options));
    this.weightHh = new Parameter(empty([rows, hiddenSize], options));
    this.biasIh = bias ? new Parameter(empty([rows], options)) : null;
    this.biasHh = bias ? new Parameter(empty([rows], options)) : null;
    this.resetParameters();
  }

  /** Draws new weights. */
  resetParameters(): void {
    const bound = this.hiddenSize > 0 ? 1 / Math.sqrt(this.hiddenSize) : 0;
    for (const parameter of this.parameters()) init.uniform_(parameter, -bound, bound);
  }

  /** The state before anything was seen. */
  protected start(input: Tensor): Tensor {
    return zeros([...input.shape.slice(0, -1), this.hiddenSize], { dtype: input.dtype, device: input.device });
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `${this.inputSize}, ${this.hiddenSize}${this.biasIh === null ? ", bias=False" : ""}`;
  }
}

/**
 * One step of an Elman network: h' = tanh(x Wᵢₕᵀ + bᵢₕ + h Wₕₕᵀ + bₕₕ), or with ReLU for tanh. The input is [N, inputSize] or [inputSize],
 * the states [N, hiddenSize] or [hiddenSize]. Defaults: bias true, nonlinearity "tanh".
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const cell = new nn.RNNCell(10, 20);
 * console.log(`${cell(randn([3, 10])).shape}`); // torch.Size([3, 20])
 * ```
 *
 * @throws {ShapeError} in `forward`, where the shapes do not fit
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.RNNCell.html}
 */
export class RNNCell extends RNNCellBase {
  /** The activation. */
  readonly nonlinearity: "tanh" | "relu";

  /** A cell from `inputSize` to `hiddenSize` numbers. */
  constructor(inputSize: number, hiddenSize: number, { nonlinearity = "tanh", ...options }: RNNCellOptions = {}) {
    super(inputSize, hiddenSize, 1, options);
    this.nonlinearity = checkedNonlinearity(nonlinearity);
  }

  /** The state after `hx`, which is zero by default. `input` is [N, inputSize] or [inputSize]. */
  override forward(input: Tensor, hx: Tensor | null = null): Tensor {
    requireInput(this, "input", input);
    requireInputOrNone(this, "hx", hx);
    const run = this.nonlinearity === "tanh" ? F.rnnTanhCell : F.rnnReluCell;
    return run(input, hx ?? this.start(input), this.weightIh, this.weightHh, this.biasIh, this.biasHh);
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return super.extraRepr() + (this.nonlinearity === "tanh" ? "" : `, nonlinearity=${this.nonlinearity}`);
  }
}

/**
 * One step of a gated recurrent unit: r = σ(x Wᵢᵣᵀ + bᵢᵣ + h Wₕᵣᵀ + bₕᵣ), z likewise, n = tanh(x Wᵢₙᵀ + bᵢₙ + r · (h Wₕₙᵀ + bₕₙ)), h' = (1 -
 * z) · n + z · h. The input is [N, inputSize] or [inputSize], the states [N, hiddenSize] or [hiddenSize]. `bias` is true by default.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const cell = new nn.GRUCell(10, 20);
 * console.log(`${cell(randn([3, 10])).shape}`); // torch.Size([3, 20])
 * ```
 *
 * @throws {ShapeError} in `forward`, where the shapes do not fit
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.GRUCell.html}
 */
export class GRUCell extends RNNCellBase {
  /** A cell from `inputSize` to `hiddenSize` numbers. */
  constructor(inputSize: number, hiddenSize: number, options: BiasOptions = {}) {
    super(inputSize, hiddenSize, 3, options);
  }

  /** The state after `hx`, which is zero by default. `input` is [N, inputSize] or [inputSize]. */
  override forward(input: Tensor, hx: Tensor | null = null): Tensor {
    requireInput(this, "input", input);
    requireInputOrNone(this, "hx", hx);
    return F.gruCell(input, hx ?? this.start(input), this.weightIh, this.weightHh, this.biasIh, this.biasHh);
  }
}

/**
 * One step of a long short-term memory: i, f, o = σ(x Wᵀ + b + h Uᵀ + d), g = tanh(…) likewise, c' = f · c + i · g, h' = o · tanh(c'). The
 * input is [N, inputSize] or [inputSize], the states h and c [N, hiddenSize] or [hiddenSize]. `bias` is true by default.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const cell = new nn.LSTMCell(10, 20);
 * const [h, c] = cell(randn([3, 10]));
 * console.log(`${h.shape} ${c.shape}`); // torch.Size([3, 20]) torch.Size([3, 20])
 * ```
 *
 * @throws {ShapeError} in `forward`, where the shapes do not fit
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LSTMCell.html}
 */
export class LSTMCell extends RNNCellBase {
  /** A cell from `inputSize` to `hiddenSize` numbers. */
  constructor(inputSize: number, hiddenSize: number, options: BiasOptions = {}) {
    super(inputSize, hiddenSize, 4, options);
  }

  /** [h, c] after `hx`, which are zero by default. `input` is [N, inputSize] or [inputSize]. */
  override forward(input: Tensor, hx: readonly [Tensor, Tensor] | null = null): [h: Tensor, c: Tensor] {
    requireInput(this, "input", input);
    const state = hx ?? [this.start(input), this.start(input)] as const;
    return F.lstmCell(input, state, this.weightIh, this.weightHh, this.biasIh, this.biasHh);
  }
}
