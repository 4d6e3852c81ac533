/**
 * Cells of recurrent networks: what becomes of a state at one step.
 *
 * @module
 */

import { ShapeError } from "../kernels/mod.ts";
import { requireTensor, requireTensorOrNone, requireTensors } from "../tensor/require_tensor.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { relu } from "./activation/mod.ts";
import { show } from "./dims.ts";
import { add, mul, sub } from "./elementwise/arithmetic.ts";
import { sigmoid } from "./elementwise/special.ts";
import { tanh } from "./elementwise/trigonometric.ts";
import { linear } from "./matrix/linear.ts";
import { chunk } from "./movement/split.ts";

/** What one cell learns. */
export interface Weights {
  /** For the input. */
  readonly ih: Tensor;
  /** For the hidden state. */
  readonly hh: Tensor;
  /** Added to the input's part. */
  readonly ihBias: Tensor | null;
  /** Added to the state's part. */
  readonly hhBias: Tensor | null;
  /** From the hidden state of an LSTM to a smaller one. */
  readonly hr: Tensor | null;
}

/** The linear maps of a step. */
export interface StateMaps {
  /** Of the hidden state, to its part of the gates. */
  readonly gates: (h: Tensor) => Tensor;
  /** Of the hidden state of an LSTM, to a smaller one; null for none. */
  readonly projected: ((h: Tensor) => Tensor) | null;
}

/** The next state, of the input's part of the gates; its first tensor is the output. */
export type Cell = (part: Tensor, state: readonly Tensor[], maps: StateMaps) => Tensor[];

const elman = (activation: (x: Tensor) => Tensor): Cell => (part, [h], { gates }) => [activation(add(part, gates(h!)))];
/** A step with tanh. */
export const tanhStep: Cell = elman(tanh);

/** A step with ReLU. */
export const reluStep: Cell = elman(relu);

/** A step of a gated recurrent unit. */
export const gruStep: Cell = (part, [h], { gates }) => {
  const [ir, iz, candidate] = chunk(part, 3, -1) as [Tensor, Tensor, Tensor];
  const [hr, hz, memory] = chunk(gates(h!), 3, -1) as [Tensor, Tensor, Tensor];
  const reset = sigmoid(add(ir, hr)), update = sigmoid(add(iz, hz));
  const fresh = tanh(add(candidate, mul(reset, memory)));
  return [add(mul(sub(h!, fresh), update), fresh)];
};

/** A step of a long short-term memory: [h, c]. */
export const lstmStep: Cell = (part, [h, c], { gates, projected }) => {
  const [write, keep, fresh, read] = chunk(add(part, gates(h!)), 4, -1) as [Tensor, Tensor, Tensor, Tensor];
  const cell = add(mul(sigmoid(keep), c!), mul(sigmoid(write), tanh(fresh)));
  const output = mul(sigmoid(read), tanh(cell));
  return [projected === null ? output : projected(output), cell];
};

/** One step by itself, once the shapes fit. */
function single(
  operation: string,
  cell: Cell,
  input: Tensor,
  state: readonly Tensor[],
  [ih, hh, ihBias, hhBias]: readonly [Tensor, Tensor, Tensor | null | undefined, Tensor | null | undefined],
): Tensor[] {
  requireTensor(operation, "input", input);
  for (const h of state) requireTensor(operation, "hx", h);
  requireTensor(operation, "wIh", ih);
  requireTensor(operation, "wHh", hh);
  requireTensorOrNone(operation, "bIh", ihBias);
  requireTensorOrNone(operation, "bHh", hhBias);
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
  return cell(linear(input, ih, ihBias), state, { gates: (h) => linear(h, hh, hhBias), projected: null });
}

/**
 * tanh(x Wᵢₕᵀ + bᵢₕ + h Wₕₕᵀ + bₕₕ): one step of an Elman network.
 *
 * @param input [N, in] or [in]
 * @param hx the state, [N, hidden] or [hidden], as is the result
 * @param wIh [hidden, in]
 * @param wHh [hidden, hidden]
 * @param bIh [hidden]; none by default
 * @param bHh [hidden]; none by default
 * @throws {ShapeError} where the input or the state does not fit the weights
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.RNNCell.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * const h = F.rnnTanhCell(tensor([1.5]), tensor([0.5]), tensor([[0.5]]), tensor([[0.5]]));
 * console.log(`${h}`); // tensor([0.7616])
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
 * @param input [N, in] or [in]
 * @param hx the state, [N, hidden] or [hidden], as is the result
 * @param wIh [hidden, in]
 * @param wHh [hidden, hidden]
 * @param bIh [hidden]; none by default
 * @param bHh [hidden]; none by default
 * @throws {ShapeError} where the input or the state does not fit the weights
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.RNNCell.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * const h = F.rnnReluCell(tensor([1.5]), tensor([0.5]), tensor([[0.5]]), tensor([[0.5]]));
 * console.log(`${h}`); // tensor([1.])
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
 * r = sigmoid(x Wᵣᵀ + bᵣ + h Vᵣᵀ + cᵣ), z = sigmoid(x W_zᵀ + b_z + h V_zᵀ + c_z), n = tanh(x Wₙᵀ + bₙ + r · (h Vₙᵀ +
 *  cₙ)); the next state is (1 - z) · n + z · h.
 *
 * @param input [N, in] or [in]
 * @param hx the state h, [N, hidden] or [hidden], as is the result
 * @param wIh W, [3 · hidden, in]
 * @param wHh V, [3 · hidden, hidden]
 * @param bIh b, [3 · hidden]; none by default
 * @param bHh c, [3 · hidden]; none by default
 * @throws {ShapeError} where the input or the state does not fit the weights
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.GRUCell.html}
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
 * i, f and o are sigmoid(x Wᵀ + b + h Vᵀ + b′) with their gate's rows, g is tanh of it; the next c is f · c + i · g,
 *  the next h is o · tanh(c).
 *
 * @param input [N, in] or [in]
 * @param hx the state, h and c, each [N, hidden] or [hidden], as are the results
 * @param wIh W, [4 · hidden, in]
 * @param wHh V, [4 · hidden, hidden]
 * @param bIh b, [4 · hidden]; none by default
 * @param bHh b′, [4 · hidden]; none by default
 * @throws {ShapeError} where the input or the state does not fit the weights
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LSTMCell.html}
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
  requireTensors("lstmCell", "hx", hx);
  return single("lstmCell", lstmStep, input, hx, [wIh, wHh, bIh, bHh]) as [Tensor, Tensor];
}
