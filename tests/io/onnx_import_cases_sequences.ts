/**
 * Models of one operator that is a layer over sequences.
 *
 * @module
 */

import { type Attribute, type Case, ints, of, op, some } from "./onnx_import_models.ts";

const T = 3, N = 2, I = 4, H = 3;

function recurrent(
  operator: string,
  gates: number,
  attributes: Record<string, Attribute>,
  states = 1,
  directions = 1,
): Case {
  const weights = [
    some([directions, gates * H, I], 2),
    some([directions, gates * H, H], 3),
    some([directions, 2 * gates * H], 4),
  ];
  const starts = Array.from({ length: states }, (_, i) => some([directions, N, H], 5 + i));
  return op(operator, [some([T, N, I]), ...weights, null, ...starts], { hidden_size: H, ...attributes }, {
    held: [1, 2, 3],
    outputs: ["FLOAT", "FLOAT", ...(states === 2 ? ["FLOAT" as const] : [])],
  });
}

/** Recurrent layers. */
export const recurrents: Readonly<Record<string, Case>> = {
  "LSTM": recurrent("LSTM", 4, {}, 2),
  "LSTM in both directions": recurrent("LSTM", 4, { direction: "bidirectional" }, 2, 2),
  "LSTM without states": op("LSTM", [some([T, N, I]), some([1, 4 * H, I], 2), some([1, 4 * H, H], 3)], {
    hidden_size: H,
    direction: "reverse",
  }),
  "GRU": recurrent("GRU", 3, { linear_before_reset: 1 }),
  "GRU that resets first": recurrent("GRU", 3, {}),
  "GRU in both directions": recurrent("GRU", 3, { linear_before_reset: 1, direction: "bidirectional" }, 1, 2),
  "RNN": recurrent("RNN", 1, {}),
  "RNN with ReLU": recurrent("RNN", 1, { activations: ["Relu"], direction: "reverse" }),
};

const B = 2, S = 3, heads = 2, width = 4, projected = [some([B, S, 6]), some([6, 3 * width], 2), some([3 * width], 3)];
const triple = [some([B, S, width]), some([B, 5, width], 2), some([B, 5, width], 3)];

/** Attention in one node. */
export const attentions: Readonly<Record<string, Case>> = {
  "ms.Attention": op("ms.Attention", projected, { num_heads: heads }, { held: [1, 2] }),
  "ms.Attention with a mask": op("ms.Attention", [...projected, of("INT32", [1, 1, 0, 1, 1, 1], [B, S])], {
    num_heads: heads,
  }, { held: [1, 2] }),
  "ms.Attention with lengths": op("ms.Attention", [...projected, of("INT32", [2, 3])], { num_heads: heads }, {
    held: [1, 2],
  }),
  "ms.Attention that is causal, after others": op(
    "ms.Attention",
    [...projected, null, some([2, B, heads, 2, width / heads], 7)],
    { num_heads: heads, unidirectional: 1 },
    { held: [1, 2], outputs: ["FLOAT", "FLOAT"] },
  ),
  "ms.MultiHeadAttention": op("ms.MultiHeadAttention", triple, { num_heads: heads }),
  "ms.MultiHeadAttention with biases": op("ms.MultiHeadAttention", [
    ...triple,
    some([3 * width], 4),
    null,
    some([1, heads, S, 5], 5),
  ], { num_heads: heads, scale: 0.3 }),
  "Attention": op("Attention", triple, { q_num_heads: heads, kv_num_heads: heads }, { opset: 23 }),
  "Attention that is causal, in groups": op(
    "Attention",
    [some([1, 4, 3, 2]), some([1, 2, 3, 2], 2), some([1, 2, 3, 2], 3)],
    { is_causal: 1 },
    { opset: 23 },
  ),
  "Attention with a mask and softcap": op(
    "Attention",
    [some([1, 2, 3, 2]), some([1, 2, 3, 2], 2), some([1, 2, 3, 2], 3), some([3, 3], 4)],
    { softcap: 0.5, scale: 0.7 },
    { opset: 23 },
  ),
  "Attention with a mask of truth": op(
    "Attention",
    [some([1, 2, 3, 2]), some([1, 2, 3, 2], 2), some([1, 2, 3, 2], 3), of("BOOL", [1, 0, 0, 1, 1, 0, 1, 0, 1], [3, 3])],
    {},
    { opset: 23 },
  ),
  "RotaryEmbedding": op(
    "RotaryEmbedding",
    [some([1, 2, 3, 4]), some([5, 2], 2), some([5, 2], 3), ints([0, 2, 4], [1, 3])],
    {},
    { opset: 23 },
  ),
  "RotaryEmbedding of pairs": op("RotaryEmbedding", [some([1, 2, 3, 4]), some([1, 3, 2], 2), some([1, 3, 2], 3)], {
    interleaved: 1,
  }, { opset: 23 }),
  "ms.RotaryEmbedding": op("ms.RotaryEmbedding", [some([1, 3, 8]), ints([1], [1]), some([5, 2], 2), some([5, 2], 3)]),
};
