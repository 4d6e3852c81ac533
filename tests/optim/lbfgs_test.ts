import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type DeviceName, optim, ShapeError, type Tensor, tensor, ValueError } from "../../mod.ts";
import golden from "../golden/lbfgs.json" with { type: "json" };
import { devices } from "../devices.ts";

type Floats = { readonly dtype: "float32" | "float64"; readonly device: DeviceName };

const start = (options: Partial<Floats> = {}) =>
  [
    tensor([[1, -2], [0.5, 3], [-1, 0.25]], { requiresGrad: true, ...options }),
    tensor([0.1, -0.2], { requiresGrad: true, ...options }),
  ] as const;

/** What golden/lbfgs.py minimises. */
function closureOf(w: Tensor, b: Tensor, optimizer: optim.LBFGS): () => Tensor {
  const like = { dtype: w.dtype, device: w.device };
  const a = tensor([[2, -1, 0.5], [0.3, 1.5, -0.7], [-0.4, 0.6, 1.2], [1.1, -0.2, 0.9]], like);
  const target = tensor([[1, -1], [0.5, 2], [-1.5, 0.3], [0.7, -0.6]], like);
  return () => {
    optimizer.zeroGrad();
    const loss = a.matmul(w).add(b).sub(target).square().mean().add(w.pow(4).mean().mul(0.1));
    loss.backward();
    return loss;
  };
}

const names: Record<string, string> = {
  max_iter: "maxIter",
  max_eval: "maxEval",
  history_size: "historySize",
  line_search_fn: "lineSearchFn",
};

type Golden = typeof golden[number];

function assertSteps({ options, losses, steps, counts, state }: Golden, like: Floats, tolerance: number): void {
  const near = (found: number, expected: number) =>
    assertAlmostEquals(found, expected, tolerance * Math.max(1, Math.abs(expected)));
  const [w, b] = start(like);
  const optimizer = new optim.LBFGS(
    [w, b],
    Object.fromEntries(Object.entries(options).map(([key, value]) => [names[key] ?? key, value])),
  );
  const schedule = new optim.lrScheduler.StepLR(optimizer, 2, { gamma: 0.5 });
  const closure = closureOf(w, b, optimizer);
  steps.forEach((expected, i) => {
    near(optimizer.step(closure).item() as number, losses[i]!);
    schedule.step();
    const found = [...w.dataSync(), ...b.dataSync()];
    expected.forEach((value, j) => near(found[j]!, value));
    const { func_evals, n_iter, old_dirs } = optimizer.stateDict().state[0]!;
    assertEquals([func_evals, n_iter, (old_dirs as Tensor[]).length], counts[i]);
  });
  assert(w.isLeaf && w.requiresGrad);
  // PyTorch also saves room for its sums.
  assertEquals(Object.keys(optimizer.stateDict().state[0]!).sort(), state.filter((name) => name !== "al"));
}

for (const entry of golden) {
  Deno.test(`LBFGS takes PyTorch's steps with ${JSON.stringify(entry.options)} (float64)`, () => {
    assertSteps(entry, { dtype: "float64", device: "cpu" }, 1e-9);
  });
}

// Of these the iterations do not magnify what float32 rounds.
for (const entry of golden.slice(1, 3)) {
  for (const device of devices) {
    Deno.test(`LBFGS takes PyTorch's steps with ${JSON.stringify(entry.options)} (${device})`, () => {
      assertSteps(entry, { dtype: "float32", device }, 1e-5);
    });
  }
}

Deno.test("LBFGS goes on from a saved state", () => {
  const [w, b] = start(), [v, c] = start();
  const options = { maxIter: 3, lineSearchFn: "strong_wolfe" } as const;
  const first = new optim.LBFGS([w, b], options), second = new optim.LBFGS([v, c], { lr: 0.1 });
  const minimise = closureOf(w, b, first);
  first.step(minimise);
  first.step(minimise);
  second.loadStateDict(first.stateDict());
  second.paramGroups[0]!.params.forEach((parameter, i) => parameter.detach().copy_([w, b][i]!));
  first.step(minimise);
  second.step(closureOf(v, c, second));
  assertEquals([v.tolist(), c.tolist()], [w.tolist(), b.tolist()]);
  const other = new optim.LBFGS([tensor([1, 2], { requiresGrad: true }), start()[1]]);
  assertThrows(
    () => other.loadStateDict(first.stateDict()),
    ShapeError,
    "d of parameter 0 has shape [8], expected [4]",
  );
});

Deno.test("LBFGS stops where there is nothing to gain", () => {
  const x = tensor([1, 2], { requiresGrad: true });
  const optimizer = new optim.LBFGS([x, tensor([1], { requiresGrad: true })]);
  let evaluations = 0;
  const closure = () => {
    evaluations++;
    optimizer.zeroGrad();
    const loss = x.sub(tensor([1, 2])).square().sum();
    loss.backward();
    return loss;
  };
  assertEquals(optimizer.step(closure).item(), 0);
  assertEquals([evaluations, x.tolist()], [1, [1, 2]]);
});

Deno.test("LBFGS refuses what makes no sense", () => {
  const [w, b] = start();
  assertThrows(() => new optim.LBFGS([{ params: [w] }, { params: [b] }]), ValueError, "several groups");
  assertThrows(() => new optim.LBFGS([w], { lineSearchFn: "armijo" as "strong_wolfe" }), ValueError, '"armijo"');
  assertThrows(() => new optim.LBFGS([w]).step(), ValueError, "closure");
  assertThrows(() => new optim.LBFGS([w], { lr: -1 }), ValueError, "lr -1");
});
