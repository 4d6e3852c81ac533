/**
 * Attention in one node, as exporters and optimisers of language models write it.
 *
 * @module
 */

import * as F from "../../../../functional/mod.ts";
import { arange, type DeviceName, ShapeError, type Tensor } from "../../../../tensor/mod.ts";
import type { OperatorCall, Operators, Result } from "../call.ts";
import { positive, ranked } from "../shapes.ts";

/** [B, S, N · D] to [B, N, S, D]; what has heads already stays. */
function headed(x: Tensor, heads: number): Tensor {
  if (x.ndim === 4) return x;
  if (x.ndim !== 3 || heads < 1 || x.shape[2]! % heads !== 0) {
    throw new ShapeError(`cannot take ${heads} heads of [${x.shape.join(", ")}]`);
  }
  return x.reshape([x.shape[0]!, x.shape[1]!, heads, x.shape[2]! / heads]).transpose(1, 2);
}

/** [B, N, S, D] to [B, S, N · D]. */
function merged(x: Tensor): Tensor {
  const [batch, heads, length, size] = x.shape as unknown as [number, number, number, number];
  return x.transpose(1, 2).reshape([batch, length, heads * size]);
}

/** Keys or values after those of earlier calls. */
const appended = (past: Tensor | undefined, x: Tensor): Tensor => past === undefined ? x : F.cat([past, x], 2);

/** Whether each of `length` queries, the first after `past` keys, may see each of `total` keys. */
function causal(length: number, total: number, past: number, device: DeviceName): Tensor {
  const at = (n: number) => arange(n, { dtype: "int32", device });
  return at(total).le(at(length).add(past).unsqueeze(1));
}

/** The sum of masks that are there. */
function masked(masks: readonly (Tensor | undefined)[]): Tensor | null {
  return masks.reduce<Tensor | null>(
    (sum, mask) => mask === undefined ? sum : sum === null ? mask : sum.add(mask),
    null,
  );
}

/** A truth value for each key as a number to be added to scores. */
const penalty = (seen: Tensor, value: number, like: Tensor): Tensor => seen.logicalNot().to(like.dtype).mul(value);

/** Which keys count: by [B, T] or [B, S, T] of 0 and 1, or by the number of keys of each sequence, [B]. */
function paddingMask(call: OperatorCall, mask: Tensor, total: number): Tensor {
  if (mask.ndim === 2) return mask.ne(0).unsqueeze(1).unsqueeze(1);
  if (mask.ndim === 3) return mask.ne(0).unsqueeze(1);
  if (mask.ndim !== 1) call.fail(`has a mask of ${mask.ndim} axes, which is not supported`);
  return arange(total, { dtype: "int32", device: mask.device }).lt(mask.reshape([-1, 1, 1, 1]));
}

interface Parts {
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value: Tensor;
  readonly padding: Tensor | undefined;
  readonly bias: Tensor | undefined;
  readonly past: number;
}

/** Attention with com.microsoft's masks and options. */
function attended(call: OperatorCall, { query, key, value, padding, bias, past }: Parts): Tensor {
  const filter = call.float("mask_filter_value", -10000), scale = call.float("scale", 0), total = key.shape[2]!;
  const seen = padding === undefined ? undefined : penalty(paddingMask(call, padding, total), filter, query);
  const before = call.int("unidirectional", 0) === 1
    ? penalty(causal(query.shape[2]!, total, past, query.device), filter, query)
    : undefined;
  const attnMask = masked([seen, before, bias]);
  return merged(F.scaledDotProductAttention(query, key, value, { attnMask, scale: scale === 0 ? null : scale }));
}

/** The projections of the input and attention, in one. */
function attention(call: OperatorCall): Result {
  call.only("do_rotary", 0);
  call.only("past_present_share_buffer", 0);
  const weights = ranked(call, 1, 2),
    heads = positive(call, "num_heads"),
    product = F.matmul(ranked(call, 0, 3), weights);
  const all = call.has(2) ? product.add(call.tensor(2)) : product, third = weights.shape[1]! / 3;
  const sizes = call.ints("qkv_hidden_sizes") ?? [third, third, third], past = call.maybe(4);
  if (sizes.length !== 3) call.fail(`has ${sizes.length} qkv_hidden_sizes, and not 3`);
  const [query, k, v] = F.split(all, sizes, -1).map((x) => headed(x, heads)) as [Tensor, Tensor, Tensor];
  const key = appended(past?.select(0, 0), k), value = appended(past?.select(0, 1), v);
  const output = attended(call, {
    query,
    key,
    value,
    padding: call.maybe(3),
    bias: call.maybe(5),
    past: past?.shape[3] ?? 0,
  });
  return [output, call.wants(1) ? F.stack([key, value]) : undefined];
}

/** Attention after the projections. */
function multiHeadAttention(call: OperatorCall): Result {
  const heads = positive(call, "num_heads"), q = call.tensor(0);
  if (q.ndim !== 3 || !call.has(1) || !call.has(2)) {
    call.fail("has packed queries, keys and values, which are not supported");
  }
  const [k, v] = [call.tensor(1), call.tensor(2)], width = q.shape[2]!;
  const biases = call.has(3) ? F.split(call.tensor(3), [width, width, call.tensor(3).shape[0]! - 2 * width]) : [];
  const biased = (x: Tensor, i: number) =>
    headed(biases[i] === undefined || x.ndim === 4 ? x : x.add(biases[i]), heads);
  const past = call.maybe(6), key = appended(past, biased(k, 1)), value = appended(call.maybe(7), biased(v, 2));
  const padding = call.maybe(4), bias = call.maybe(5);
  return [attended(call, { query: biased(q, 0), key, value, padding, bias, past: past?.shape[2] ?? 0 }), key, value];
}

/** ai.onnx's attention. */
function onnxAttention(call: OperatorCall): Result {
  if (call.wants(3) || call.has(6)) call.fail("has its scores as an output, or lengths as an input: not supported");
  const q = call.tensor(0),
    flat = q.ndim === 3,
    isCausal = call.int("is_causal", 0) === 1,
    softcap = call.float("softcap", 0);
  const side = (position: number, name: string) => headed(call.tensor(position), flat ? call.int(name) : 0);
  const query = side(0, "q_num_heads"), past = call.maybe(4);
  if (isCausal && past !== undefined) call.fail("is causal and has past keys: not supported, give it a mask");
  const key = appended(past, side(1, "kv_num_heads")), value = appended(call.maybe(5), side(2, "kv_num_heads"));
  const scale = call.attribute("scale") ? call.float("scale") : 1 / Math.sqrt(query.shape[3]!);
  const seen = isCausal ? causal(query.shape[2]!, key.shape[2]!, 0, query.device) : undefined;
  const given = call.maybe(3), negative = seen && penalty(seen, 1, query).mul(-1e30);
  const attnMask = given?.dtype === "bool" && negative === undefined
    ? given
    : masked([given?.dtype === "bool" ? penalty(given, 1, query).mul(-1e30) : given, negative]);
  const output = softcap > 0
    ? capped(query, key, value, scale, softcap, attnMask)
    : F.scaledDotProductAttention(query, key, value, { attnMask, scale, enableGqa: true });
  return [flat ? merged(output) : output, key, value];
}

/** Attention whose scores are pressed between ± softcap. */
function capped(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  scale: number,
  softcap: number,
  mask: Tensor | null,
): Tensor {
  const groups = query.shape[1]! / key.shape[1]!,
    many = (x: Tensor) => groups === 1 ? x : x.repeatInterleave(groups, 1);
  const scores = F.tanh(F.matmul(query, many(key).mT).mul(scale / softcap)).mul(softcap);
  const penalized = mask === null
    ? scores
    : mask.dtype === "bool"
    ? scores.maskedFill(mask.logicalNot(), -Infinity)
    : scores.add(mask);
  return F.matmul(F.softmax(penalized, -1), many(value));
}

/** Pairs of numbers of each head turned by an angle that grows with the position. */
function rotated(call: OperatorCall, cos: Tensor, sin: Tensor, positions: Tensor | undefined): Tensor {
  const x = call.tensor(0), flat = x.ndim === 3, width = call.int("rotary_embedding_dim", 0);
  const heads = call.int("num_heads", 0) || (flat ? x.shape[2]! / (2 * cos.shape.at(-1)!) : 0);
  const all = headed(x, heads), size = width === 0 ? all.shape[3]! : width, length = all.shape[2]!;
  const angles = (table: Tensor): Tensor => {
    if (positions === undefined) return table.unsqueeze(-3);
    const at = positions.numel() === 1
      ? arange(length, { dtype: "int32", device: x.device }).add(positions.flatten()).unsqueeze(0)
      : positions;
    return F.embedding(at, table).unsqueeze(1);
  };
  const [c, s] = [angles(cos), angles(sin)],
    part = all.narrow(-1, 0, size),
    rest = all.narrow(-1, size, all.shape[3]! - size);
  const interleaved = call.int("interleaved", 0) === 1,
    pairs = interleaved ? part.unflatten(-1, [size / 2, 2]) : part.unflatten(-1, [2, size / 2]);
  const axis = interleaved ? -1 : -2, a = pairs.select(axis, 0), b = pairs.select(axis, 1);
  const turned = F.stack([a.mul(c).sub(b.mul(s)), a.mul(s).add(b.mul(c))], interleaved ? -1 : -2).flatten(-2);
  const result = size === all.shape[3] ? turned : F.cat([turned, rest], -1);
  return flat ? merged(result) : result;
}

/** Operators of ai.onnx by name. */
export const attentions: Operators = {
  Attention: onnxAttention,
  RotaryEmbedding: (call) => rotated(call, call.tensor(1), call.tensor(2), call.maybe(3)),
};

/** Operators of com.microsoft by name. */
export const microsoftAttentions: Operators = {
  Attention: attention,
  MultiHeadAttention: multiHeadAttention,
  RotaryEmbedding: (call) => rotated(call, call.tensor(2), call.tensor(3), call.tensor(1)),
};
