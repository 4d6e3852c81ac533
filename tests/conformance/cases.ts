/**
 * Running the cases of the corpus.
 *
 * @module
 */

import * as lib from "../../mod.ts";
import type { Tensor } from "../../mod.ts";
import * as adapter from "./adapter.ts";
import {
  checkDraws,
  checkGradient,
  checkOrthogonal,
  checkOutput,
  checkShape,
  checkTensor,
  Mismatch,
} from "./compare.ts";
import { type Case, type Operation, type Ref, Scope } from "./corpus.ts";

/** What of a case was checked, and the error if it failed. */
export interface Outcome {
  readonly what: "forward" | "gradient" | "errors";
  readonly error?: unknown;
}

type Runner = (op: string, c: Case, device: string) => Promise<Outcome[]>;

/** The outcome of a forward pass and, where there are gradients and it went well, of the backward pass. */
async function both<T>(
  c: Case,
  forward: () => T | Promise<T>,
  backward?: (result: T) => Promise<void>,
): Promise<Outcome[]> {
  let result: T;
  try {
    result = await forward();
  } catch (error) {
    return [{ what: "forward", error }];
  }
  if (c.grads === undefined || backward === undefined) return [{ what: "forward" }];
  try {
    await backward(result);
    return [{ what: "forward" }, { what: "gradient" }];
  } catch (error) {
    return [{ what: "forward" }, { what: "gradient", error }];
  }
}

async function propagate(scope: Scope, c: Case, outputs: unknown[]): Promise<void> {
  await adapter.backward(lib, outputs, c.weights.map((weight) => weight && scope.tensor(weight, false)));
}

/** How many draws of a random result are looked at. */
const DRAWS = 12;

const functionCase: Runner = (op, c, device) => {
  const scope = new Scope(c.tensors, device);
  const output = async (scope: Scope) => {
    const got = await adapter.call(lib, scope.call(op, c));
    if (c.property === "orthogonal") checkOrthogonal(got);
    return checkOutput(scope, c, got);
  };
  return both(c, async () => {
    const outputs = await output(scope);
    if (c.stats !== undefined) {
      const draws: unknown[][] = [];
      while (draws.length < DRAWS) draws.push(await output(new Scope(c.tensors, device)));
      checkDraws(draws, c.stats);
    }
    return outputs;
  }, async (outputs) => {
    await propagate(scope, c, outputs);
    Object.entries(c.grads!).forEach(([i, want], k) =>
      checkGradient(scope.gradient(Number(i)), scope, want, c.gradNoise?.[k])
    );
  });
};

const moduleCase: Runner = (op, c, device) => {
  const scope = new Scope(c.tensors, device);
  return both(c, async () => {
    const module = adapter.makeModule(lib, op, scope.call(op, c.ctor));
    const call = scope.call(op, c);
    adapter.setTraining(module, c.training);
    if (c.lazy) adapter.forward(module, call);
    const state = Object.entries(c.state).map(([key, ref]) => [adapter.stateKey(op, key), scope.tensor(ref, false)]);
    await adapter.loadState(module, Object.fromEntries(state));
    const outputs = checkOutput(scope, c, adapter.forward(module, call));
    const now = adapter.readState(module);
    for (const [key, ref] of Object.entries(c.stateAfter ?? {})) {
      checkTensor(now[adapter.stateKey(op, key)], scope.raw(ref));
    }
    return { module, outputs };
  }, async ({ module, outputs }) => {
    await propagate(scope, c, outputs);
    let k = 0;
    for (const [i, want] of Object.entries(c.grads!)) {
      checkGradient(scope.gradient(Number(i)), scope, want, c.gradNoise?.[k++]);
    }
    const parameters = new Map<string, Tensor>(adapter.parameters(module));
    for (const [name, want] of Object.entries(c.paramGrads)) {
      const parameter = parameters.get(adapter.stateKey(op, name));
      if (parameter === undefined) throw new Mismatch(`no parameter ${name}`);
      checkGradient(parameter.grad, scope, want, c.gradNoise?.[k++]);
    }
  });
};

/** (1 - x)^2 + 100 (y - x^2)^2, the objective of LBFGS. */
function rosenbrock(point: Tensor): Tensor {
  const x = point.select(0, 0), y = point.select(0, 1);
  const a = x.mul(-1).add(1), b = y.sub(x.mul(x));
  return a.mul(a).add(b.mul(b).mul(100));
}

const optimizerCase: Runner = (op, c, device) => {
  const scope = new Scope(c.tensors, device);
  return both(c, async () => {
    const parameters = c.init.map((ref) => scope.tensor(ref, true));
    const groups = c.groups?.map((group) => ({
      params: group.params.map((i) => parameters[i]),
      ...adapter.groupOptions(scope.values(group.kwargs)),
    }));
    const optimizer = adapter.makeOptimizer(lib, op, groups ?? parameters, scope.values(c.kwargs));
    const closure = (): Tensor => {
      optimizer.zeroGrad();
      const loss = rosenbrock(parameters[0]!);
      loss.backward();
      return loss;
    };
    for (const [k, after] of c.steps.entries()) {
      c.gradSteps?.[k]?.forEach((ref, i) => adapter.setGrad(parameters[i], ref && scope.tensor(ref, false)));
      await (c.objective === undefined ? optimizer.step() : optimizer.step(closure));
      const allowance = { noise: 1e-6, times: c.objective === undefined ? 2 : 20 };
      after.forEach((ref, i) => checkTensor(parameters[i], scope.raw(ref), allowance));
    }
  });
};

function closeTo(got: number, want: number, tolerance: number): void {
  if (Math.abs(got - want) <= 1e-9 + tolerance * Math.abs(want)) return;
  throw new Mismatch(`${got}, expected ${want}`);
}

const schedulerCase: Runner = (op, c, device) =>
  both(c, async () => {
    const zero = { dtype: "float32", shape: [1], data: new Float32Array(1), grad: true };
    const parameter = () => adapter.makeTensor(lib, zero, device);
    const { name, groupLr, momentum } = c.optimizer;
    const groups = [{ params: [parameter()] }, { params: [parameter()], lr: groupLr[1] }];
    const optimizer = adapter.makeOptimizer(lib, `optim.${name}`, groups, { lr: groupLr[0], momentum });
    const { schedulers, lr_lambda: lambda, ...rest } = c.kwargs;
    const parts = (schedulers as [string, Record<string, unknown>][] | undefined)?.map(([part, kwargs]) =>
      adapter.makeScheduler(lib, `optim.lr_scheduler.${part}`, optimizer, kwargs)
    );
    const kwargs = lambda === undefined ? rest : { ...rest, lr_lambda: new Function("epoch", `return ${lambda}`) };
    const scheduler = adapter.makeScheduler(lib, op, optimizer, kwargs, parts);
    for (const [k, rates] of c.lr.entries()) {
      if (k > 0) {
        await optimizer.step();
        await (c.metrics === undefined ? scheduler.step() : scheduler.step(c.metrics[k - 1]));
      }
      adapter.learningRates(optimizer).forEach((rate, i) => closeTo(rate, rates[i]!, 1e-6));
      c.momentum?.[k]?.forEach((want, i) => closeTo(optimizer.paramGroups[i].momentum, want, 1e-6));
    }
  });

const distributionCase: Runner = (op, c, device) => {
  const scope = new Scope(c.tensors, device);
  return both(c, async () => {
    const distribution = adapter.makeDistribution(lib, op, scope.values(c.kwargs));
    const inputs: Record<string, Ref> = { log_prob: c.value, cdf: c.value, icdf: c.q };
    let logProb: unknown;
    for (const [name, ref] of Object.entries(c.results)) {
      const member = distribution[adapter.camel(name)], input = inputs[name];
      const given = input === undefined ? [] : [scope.tensor(input)];
      const got = typeof member === "function" ? await member.apply(distribution, given) : member;
      if (name === "log_prob") logProb = got;
      checkTensor(got, scope.raw(ref), { noise: 1e-6, times: 5 });
    }
    checkShape(distribution.batchShape, c.batchShape);
    checkShape(distribution.eventShape, c.eventShape);
    return logProb;
  }, async (logProb) => {
    await propagate(scope, c, [logProb]);
    for (const [name, want] of Object.entries(c.grads!)) {
      checkGradient(scope.gradient((c.kwargs[name] as Ref).$t), scope, want, 1e-6);
    }
  });
};

const divergenceCase: Runner = (op, c, device) => {
  const scope = new Scope(c.tensors, device);
  const sides = c as unknown as Record<string, Case["p"]>;
  const made = (side: string) =>
    adapter.makeDistribution(lib, `distributions.${sides[side]!.name}`, scope.values(sides[side]!.kwargs));
  return both(c, async () => {
    const got = await adapter.find(lib, op)(made("p"), made("q"));
    checkTensor(got, scope.raw(c.out as Ref), { noise: 1e-6, times: 5 });
    return got;
  }, async (got) => {
    await propagate(scope, c, [got]);
    for (const [path, want] of Object.entries(c.grads!)) {
      const [side = "", name = ""] = path.split(".");
      checkGradient(scope.gradient((sides[side]!.kwargs[name] as Ref).$t), scope, want, 1e-6);
    }
  });
};

const utilityCase: Runner = (op, c, device) => {
  const scope = new Scope(c.tensors, device);
  return both(c, async () => {
    const parameters = c.gradsIn.map((ref) => {
      const raw = scope.raw(ref);
      const zero = { ...raw, data: new Float32Array(raw.data.length), grad: true };
      const parameter = adapter.makeTensor(lib, zero, device) as Tensor;
      adapter.setGrad(parameter, scope.tensor(ref, false));
      return parameter;
    });
    const got = await adapter.find(lib, op)(parameters, ...adapter.layout(scope.call(op, c)));
    if (c.out) checkTensor(got, scope.raw(c.out as Ref));
    parameters.forEach((parameter, i) => checkTensor(parameter.grad, scope.raw(c.gradsOut[i]!)));
  });
};

const runners: Record<string, Runner> = {
  function: functionCase,
  init: functionCase,
  module: moduleCase,
  optimizer: optimizerCase,
  scheduler: schedulerCase,
  distribution: distributionCase,
  kl: divergenceCase,
  util: utilityCase,
};

/** Runs a case. */
export function runCase({ op, kind }: Operation, c: Case, device: string): Promise<Outcome[]> {
  return runners[kind]!(op, c, device);
}

/** Runs a call that PyTorch refuses: so must we, at the latest when the result is read. */
export async function runRefusal({ op }: Operation, c: Case, device: string): Promise<Outcome[]> {
  try {
    const got = await adapter.call(lib, new Scope(c.tensors, device).call(op, c));
    const leaf = [got].flat().find(adapter.isTensor);
    if (leaf !== undefined) await adapter.readTensor(leaf);
  } catch (error) {
    return error instanceof adapter.Missing ? [{ what: "errors", error }] : [{ what: "errors" }];
  }
  return [{ what: "errors", error: new Mismatch(`did not throw (PyTorch: ${c.message})`) }];
}
