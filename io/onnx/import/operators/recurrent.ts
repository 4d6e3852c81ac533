/**
 * Recurrent layers.
 *
 * @module
 */

import * as F from "../../../../functional/mod.ts";
import { ShapeError, type Tensor, zeros } from "../../../../tensor/mod.ts";
import type { OperatorCall, Operators, Result } from "../call.ts";

/** One direction of a layer: the weights' gates in ONNX's order. */
interface Weights {
  readonly input: Tensor;
  readonly hidden: Tensor;
  readonly inputBias: Tensor;
  readonly hiddenBias: Tensor;
}

/** Outputs of all steps, [T, N, H], and the last states, [N, H]. */
type Direction = readonly [output: Tensor, ...states: Tensor[]];

/** What a kind of cell makes of a sequence, [T, N, I], from its first states. */
type Layer = (
  call: OperatorCall,
  x: Tensor,
  weights: Weights,
  states: readonly Tensor[],
  direction: number,
) => Direction;

/** The weights of a layer with its gates in another order. */
function reordered(x: Tensor, order: readonly number[]): Tensor {
  const gates = F.chunk(x, order.length, 0);
  return F.cat(order.map((gate) => gates[gate]!));
}

/** Throws unless the activations, given for each direction, are among those computed here; says which. */
function activations(call: OperatorCall, choices: readonly string[]): string[] {
  const given = call.strings("activations")?.map((name) => name.toLowerCase());
  const size = choices[0]!.split(" ").length,
    directions = call.text("direction", "forward") === "bidirectional" ? 2 : 1;
  if (given === undefined) return new Array<string>(directions).fill(choices[0]!);
  const each = Array.from({ length: directions }, (_, d) => given.slice(d * size, (d + 1) * size).join(" "));
  for (const names of each) {
    if (!choices.includes(names)) call.fail(`has the activations ${names}, which are not supported`);
  }
  return each;
}

const gru: Layer = (call, x, { input, hidden, inputBias, hiddenBias }, [start]) => {
  activations(call, ["sigmoid tanh"]);
  if (call.int("linear_before_reset", 0) === 0) return resetFirst(x, input, hidden, inputBias, hiddenBias, start!);
  const params = [input, hidden, inputBias, hiddenBias].map((w) => reordered(w, [1, 0, 2]));
  const [output, last] = F.gru(x, start!.unsqueeze(0), params);
  return [output, last.squeeze(0)];
};

/** A gated recurrent unit whose reset gate comes before the product with the hidden weights, as in its first form. */
function resetFirst(
  x: Tensor,
  input: Tensor,
  hidden: Tensor,
  inputBias: Tensor,
  hiddenBias: Tensor,
  start: Tensor,
): Direction {
  const size = start.shape[1]!,
    gates = F.split(hidden, [2 * size, size]),
    biases = F.split(hiddenBias, [2 * size, size]);
  const parts = F.linear(x, input, inputBias), outputs: Tensor[] = [];
  let state = start;
  for (let t = 0; t < x.shape[0]!; t++) {
    const [both, candidate] = F.split(parts.select(0, t), [2 * size, size], 1);
    const [update, reset] = F.chunk(F.sigmoid(both!.add(F.linear(state, gates[0]!, biases[0]!))), 2, 1);
    const next = F.tanh(candidate!.add(F.linear(reset!.mul(state), gates[1]!, biases[1]!)));
    state = next.add(update!.mul(state.sub(next)));
    outputs.push(state);
  }
  return [F.stack(outputs), state];
}

const lstm: Layer = (call, x, { input, hidden, inputBias, hiddenBias }, [h, c]) => {
  activations(call, ["sigmoid tanh tanh"]);
  call.only("input_forget", 0);
  if (call.has(7)) call.fail("has peepholes, which are not supported");
  const params = [input, hidden, inputBias, hiddenBias].map((w) => reordered(w, [0, 2, 3, 1]));
  const [output, lastH, lastC] = F.lstm(x, [h!.unsqueeze(0), c!.unsqueeze(0)], params);
  return [output, lastH.squeeze(0), lastC.squeeze(0)];
};

const elman: Layer = (call, x, { input, hidden, inputBias, hiddenBias }, [start], direction) => {
  const compute = activations(call, ["tanh", "relu"])[direction] === "relu" ? F.rnnRelu : F.rnnTanh;
  const [output, last] = compute(x, start!.unsqueeze(0), [input, hidden, inputBias, hiddenBias]);
  return [output, last.squeeze(0)];
};

/** The inputs of a layer, once for each direction, and its outputs put together. */
function recurrent(call: OperatorCall, gates: number, states: number, layer: Layer): Result {
  if (call.attribute("clip")) call.fail("has clip, which is not supported");
  const batchFirst = call.int("layout", 0) === 1, x = batchFirst ? call.tensor(0).transpose(0, 1) : call.tensor(0);
  const [w, r] = [call.tensor(1), call.tensor(2)];
  if (x.ndim !== 3 || r.ndim !== 3) throw new ShapeError("it takes a sequence of three axes, and weights of three");
  const [length, batch] = x.shape as unknown as [number, number];
  call.run.bounds.together(length);
  const directions = w.shape[0]!, size = r.shape[2]!, { dtype, device } = x;
  const told = call.maybeNumbers(4);
  if (told?.some((n) => n !== length)) {
    throw new ShapeError("it has sequences of several lengths, which are not supported");
  }
  const bias = call.maybe(3) ?? zeros([directions, 2 * gates * size], { dtype, device });
  const fits = [[w, gates * size, x.shape[2]!], [r, gates * size, size], [
    bias.unsqueeze(-1),
    2 * gates * size,
    1,
  ]] as const;
  for (const [weight, rows, columns] of fits) {
    if (weight.shape.join() === [directions, rows, columns].join()) continue;
    throw new ShapeError(
      `it has a weight of shape [${weight.shape.join(", ")}], not [${directions}, ${rows}, ${columns}]`,
    );
  }
  const firsts = Array.from({ length: states }, (_, i) => {
    const given = call.maybe(5 + i);
    if (given === undefined) return zeros([directions, batch, size], { dtype, device });
    return batchFirst ? given.transpose(0, 1) : given;
  });
  const done = Array.from({ length: directions }, (_, d): Direction => {
    const backward = d === 1 || call.text("direction", "forward") === "reverse";
    const [inputBias, hiddenBias] = F.chunk(bias.select(0, d), 2, 0) as [Tensor, Tensor];
    const weights = { input: w.select(0, d), hidden: r.select(0, d), inputBias, hiddenBias };
    const [output, ...last] = layer(call, backward ? F.flip(x, 0) : x, weights, firsts.map((s) => s.select(0, d)), d);
    return [backward ? F.flip(output, 0) : output, ...last];
  });
  const output = F.stack(done.map(([y]) => y), 1),
    ends = firsts.map((_, i) => F.stack(done.map((parts) => parts[1 + i]!)));
  if (!batchFirst) return [output, ...ends];
  return [output.permute([2, 0, 1, 3]), ...ends.map((end) => end.transpose(0, 1))];
}

/** Operators of ai.onnx by name. */
export const recurrents: Operators = {
  GRU: (call) => recurrent(call, 3, 1, gru),
  LSTM: (call) => recurrent(call, 4, 2, lstm),
  RNN: (call) => recurrent(call, 1, 1, elman),
};
