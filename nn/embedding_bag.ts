/**
 * Lookup tables for bags of numbers.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { optionsOf } from "../tensor/arguments.ts";
import { empty, noGrad, type Tensor, ValueError } from "../tensor/mod.ts";
import { pythonFloat, pythonValue } from "../tensor/python_format.ts";
import * as init from "./init.ts";
import type { LayerOptions } from "./linear.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import { requireInput } from "./require_input.ts";

/** Options of `EmbeddingBag`. */
export interface EmbeddingBagOptions extends LayerOptions {
  /** Rows with a larger norm are scaled down to it when looked up. */
  readonly maxNorm?: number | null;
  /** Which norm `maxNorm` means. Default 2. */
  readonly normType?: number;
  /** Whether gradients are divided by how often a row was looked up. Default false. */
  readonly scaleGradByFreq?: boolean;
  /** What a bag becomes. Default "mean". */
  readonly mode?: "sum" | "mean" | "max";
  /** Whether the last offset is where the last bag ends. Default false. */
  readonly includeLastOffset?: boolean;
  /** A row that counts for nothing; negative numbers count from the end. */
  readonly paddingIdx?: number | null;
}

/** What `EmbeddingBag` is called with besides the numbers of the rows. */
export interface BagInputs {
  /** Where each bag begins in a list of numbers. */
  readonly offsets?: Tensor | null;
  /** Factors of the rows, of the input's shape; for mode "sum". */
  readonly perSampleWeights?: Tensor | null;
}

/**
 * Sums, means or maxima of bags of rows of a table: [B, L] is B bags of L rows, a list with `offsets` has one bag from each offset on; the
 * result is [B, embeddingDim]. Rows start from the standard normal distribution. Defaults: mode "mean", no maxNorm, normType 2,
 * scaleGradByFreq false, includeLastOffset false, no paddingIdx.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const bags = new nn.EmbeddingBag(10, 3, { mode: "sum" });
 * console.log(bags(tensor([1, 2, 4, 5, 4]), tensor([0, 3])).shape); // torch.Size([2, 3])
 * ```
 *
 * @throws {ShapeError} in `forward`, for a list without offsets; {ValueError} for `perSampleWeights` in a mode other than "sum"
 * @throws {IndexError} in `forward`, for a row out of range, or offsets that do not ascend from 0
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.EmbeddingBag.html}
 */
export class EmbeddingBag extends Module {
  /** Number of rows. */
  readonly numEmbeddings: number;
  /** Size of each row. */
  readonly embeddingDim: number;
  /** The largest norm of a row that is looked up; null for any. */
  readonly maxNorm: number | null;
  /** Which norm `maxNorm` means. */
  readonly normType: number;
  /** Whether gradients are divided by how often a row was looked up. */
  readonly scaleGradByFreq: boolean;
  /** What a bag becomes. */
  readonly mode: "sum" | "mean" | "max";
  /** Whether the last offset is where the last bag ends. */
  readonly includeLastOffset: boolean;
  /** The row that counts for nothing; null for none. */
  readonly paddingIdx: number | null;
  /** The table, of shape [numEmbeddings, embeddingDim]. */
  weight: Parameter;

  /** A table of `numEmbeddings` rows of size `embeddingDim`. */
  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingBagOptions = {}) {
    super();
    const { maxNorm = null, normType = 2, scaleGradByFreq = false, mode = "mean", includeLastOffset = false } = options;
    const { paddingIdx = null, device, dtype } = options;
    if (paddingIdx !== null && (paddingIdx < -numEmbeddings || paddingIdx >= numEmbeddings)) {
      throw new ValueError(`Cannot pad with row ${paddingIdx} of an embedding with ${numEmbeddings} rows`);
    }
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.maxNorm = maxNorm;
    this.normType = normType;
    this.scaleGradByFreq = scaleGradByFreq;
    this.mode = mode;
    this.includeLastOffset = includeLastOffset;
    this.paddingIdx = paddingIdx !== null && paddingIdx < 0 ? paddingIdx + numEmbeddings : paddingIdx;
    const layer = { ...(device === undefined ? {} : { device }), ...(dtype === undefined ? {} : { dtype }) };
    this.weight = new Parameter(empty([numEmbeddings, embeddingDim], layer));
    this.resetParameters();
  }

  /** Bags of a table that is `embeddings`, frozen unless `freeze` is false. */
  static fromPretrained(
    embeddings: Tensor,
    { freeze = true, ...options }: EmbeddingBagOptions & { readonly freeze?: boolean } = {},
  ): EmbeddingBag {
    if (embeddings.ndim !== 2) {
      throw new ValueError(`Cannot use a tensor with ${embeddings.ndim} axes as a table: expected 2`);
    }
    const [rows, columns] = embeddings.shape as readonly number[] as [number, number];
    const module = new EmbeddingBag(rows, columns, { dtype: embeddings.dtype, device: embeddings.device, ...options });
    module.weight = new Parameter(embeddings, { requiresGrad: !freeze });
    return module;
  }

  /** Draws new rows. */
  resetParameters(): void {
    init.normal_(this.weight);
    const { paddingIdx } = this;
    if (paddingIdx !== null) noGrad(() => this.weight.select(0, paddingIdx).fill_(0));
  }

  /** The bags that are the rows of `input`, or the parts of a list that begin at `offsets`; `bags(input, offsets, perSampleWeights)`, or by name. */
  override forward(
    input: Tensor,
    bags?: Tensor | null | BagInputs,
    factors?: Tensor | null | BagInputs,
  ): Tensor {
    requireInput(this, "input", input);
    const { offsets = null, perSampleWeights = null } = optionsOf<BagInputs>(
      ["offsets", "perSampleWeights"],
      bags,
      factors,
    );
    const { maxNorm, normType, scaleGradByFreq, mode, includeLastOffset, paddingIdx } = this;
    const options = { maxNorm, normType, scaleGradByFreq, mode, includeLastOffset, paddingIdx };
    return F.embeddingBag(input, this.weight, { ...options, offsets, perSampleWeights });
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    let text = `${this.numEmbeddings}, ${this.embeddingDim}`;
    if (this.maxNorm !== null) text += `, max_norm=${pythonValue(this.maxNorm)}`;
    if (this.normType !== 2) text += `, norm_type=${pythonFloat(this.normType)}`;
    if (this.scaleGradByFreq) text += ", scale_grad_by_freq=True";
    text += `, mode=${pythonValue(this.mode)}`;
    if (this.paddingIdx !== null) text += `, padding_idx=${this.paddingIdx}`;
    return text;
  }
}
