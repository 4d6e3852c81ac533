/**
 * A checkpoint that tests/golden/checkpoint.py loads in PyTorch. Run by itself, this writes it to tests/golden/written.pt.
 *
 * @module
 */

import { io, nn, ones, tensor, zeros } from "../../mod.ts";

/** Some of everything that a checkpoint can hold. */
export function written(): Record<string, unknown> {
  const grid = tensor([[0, 1, 2], [3, 4, 5]], { dtype: "float32", device: "cpu" });
  const tied = tensor([1.5, 2.5], { device: "cpu" });
  const model = {
    "0.weight": grid,
    "0.bias": ones([2], { device: "cpu" }),
    "1.weight": ones([2], { device: "cpu" }),
    "1.bias": zeros([2], { device: "cpu" }),
    "1.running_mean": zeros([2], { device: "cpu" }),
    "1.running_var": ones([2], { device: "cpu" }),
    "1.num_batches_tracked": tensor(4, { device: "cpu" }),
  };
  const parameters = [grid, ...["0.bias", "1.weight", "1.bias"].map((name) => model[name as "0.bias"])];
  const state = parameters.map((x, i) => [i, { step: 3, exp_avg: x, exp_avg_sq: x.mul(x) }]);
  const group = { lr: 0.125, betas: [0.5, 0.75], eps: 1e-8, weight_decay: 0, amsgrad: false, params: [0, 1, 2, 3] };
  return {
    model,
    optimizer: { state: Object.fromEntries(state), param_groups: [group] },
    tied: [tied, tied.detach()],
    parameter: new nn.Parameter(tied),
    types: [
      tied,
      tied.to({ dtype: "float64" }),
      tensor([-1], { device: "cpu" }),
      tensor([4000000000], { dtype: "uint32", device: "cpu" }),
      zeros([0, 2], { dtype: "uint8", device: "cpu" }),
      tensor([true, false], { device: "cpu" }),
    ],
    plain: [
      null,
      true,
      false,
      7,
      -300,
      70000,
      2 ** 40,
      -(2n ** 70n),
      0.1,
      1e300,
      "text é",
      [1],
      { a: {} },
      new Set([1, 2]),
    ],
    "negative zero": -0,
    map: new Map<unknown, unknown>([[5, "five"], ["six", 6]]),
    list: { 0: tied, 1: tied },
  };
}

if (import.meta.main) Deno.writeFileSync(new URL("../golden/written.pt", import.meta.url), io.encodePyTorch(written()));
