/**
 * Lookup tables.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { empty, noGrad, type Tensor, ValueError } from "../tensor/mod.ts";
import { pythonFloat, pythonValue } from "../tensor/python_format.ts";
import * as init from "./init.ts";
import type { LayerOptions } from "./linear.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import { requireInput } from "./require_input.ts";

/** Options of `Embedding`. */
export interface EmbeddingOptions extends LayerOptions {
  /** The row that stays zero and gathers no gradient; negative ones count from the end. */
  readonly paddingIdx?: number | null;
  /** Rows with a larger norm are scaled down to it when looked up. */
  readonly maxNorm?: number | null;
  /** Which norm `maxNorm` means. Default 2. */
  readonly normType?: number;
  /** Whether gradients are divided by how often a row was looked up. Default false. */
  readonly scaleGradByFreq?: boolean;
}

/**
 * A table of vectors, looked up by row number: integers of any shape [...] to [..., embeddingDim]. Rows start from the standard normal
 * distribution. Defaults: no paddingIdx, no maxNorm, normType 2, scaleGradByFreq false.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const table = new nn.Embedding(10, 3);
 * console.log(table(tensor([[1, 2], [4, 3]])).shape); // torch.Size([2, 2, 3])
 * ```
 *
 * @throws {ValueError} for a `paddingIdx` that is no row
 * @throws {IndexError} in `forward`, for a number out of range: at once where the input is on the host, else when a result is read
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Embedding.html}
 */
export class Embedding extends Module {
  /** Number of rows. */
  readonly numEmbeddings: number;
  /** Size of each row. */
  readonly embeddingDim: number;
  /** The row that stays zero; null for none. */
  readonly paddingIdx: number | null;
  /** The largest norm of a row that is looked up; null for any. */
  readonly maxNorm: number | null;
  /** Which norm `maxNorm` means. */
  readonly normType: number;
  /** Whether gradients are divided by how often a row was looked up. */
  readonly scaleGradByFreq: boolean;
  /** The table, of shape [numEmbeddings, embeddingDim]. */
  weight: Parameter;

  /** A table of `numEmbeddings` rows of size `embeddingDim`. */
  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingOptions = {}) {
    super();
    const { paddingIdx = null, maxNorm = null, normType = 2, scaleGradByFreq = false, ...layer } = options;
    if (paddingIdx !== null && (paddingIdx < -numEmbeddings || paddingIdx >= numEmbeddings)) {
      throw new ValueError(`Cannot pad with row ${paddingIdx} of an embedding with ${numEmbeddings} rows`);
    }
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.paddingIdx = paddingIdx !== null && paddingIdx < 0 ? paddingIdx + numEmbeddings : paddingIdx;
    this.maxNorm = maxNorm;
    this.normType = normType;
    this.scaleGradByFreq = scaleGradByFreq;
    this.weight = new Parameter(empty([numEmbeddings, embeddingDim], layer));
    this.resetParameters();
  }

  /** An embedding whose table is `embeddings`, frozen unless `freeze` is false. */
  static fromPretrained(
    embeddings: Tensor,
    { freeze = true, ...options }: EmbeddingOptions & { readonly freeze?: boolean } = {},
  ): Embedding {
    if (embeddings.ndim !== 2) {
      throw new ValueError(`Cannot use a tensor with ${embeddings.ndim} axes as a table: expected 2`);
    }
    const [rows, columns] = embeddings.shape;
    const module = new Embedding(rows!, columns!, { dtype: embeddings.dtype, device: embeddings.device, ...options });
    module.weight = new Parameter(embeddings, { requiresGrad: !freeze });
    return module;
  }

  /** Draws new rows. */
  resetParameters(): void {
    init.normal_(this.weight);
    const { paddingIdx } = this;
    if (paddingIdx !== null) noGrad(() => this.weight.select(0, paddingIdx).fill_(0));
  }

  /** The rows at `input`'s numbers, which become the last axis. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    const { paddingIdx, maxNorm, normType, scaleGradByFreq } = this;
    return F.embedding(input, this.weight, { paddingIdx, maxNorm, normType, scaleGradByFreq });
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    let text = `${this.numEmbeddings}, ${this.embeddingDim}`;
    if (this.paddingIdx !== null) text += `, padding_idx=${this.paddingIdx}`;
    if (this.maxNorm !== null) text += `, max_norm=${pythonValue(this.maxNorm)}`;
    if (this.normType !== 2) text += `, norm_type=${pythonFloat(this.normType)}`;
    if (this.scaleGradByFreq) text += ", scale_grad_by_freq=True";
    return text;
  }
}
