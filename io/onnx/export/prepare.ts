/**
 * A model while it is traced: in the mode that is asked for, watched, and left as it was.
 *
 * @module
 */

import type { Node } from "../../../kernels/mod.ts";
import { isLazy, Module } from "../../../nn/mod.ts";
import { getRngState, noGrad, setRngState, Tensor } from "../../../tensor/mod.ts";
import type { Traced } from "./trace.ts";

/** What can be exported: a module, or a function of tensors. */
export type Exportable = Module | ((...inputs: never[]) => unknown);

/** What `body` makes of a model in evaluation, in training, or as it is. Modes, buffers and the generator are put back. */
export function withPrepared<T>(
  model: Exportable,
  training: "eval" | "preserve" | "training",
  body: (model: Traced) => T,
): T {
  const run = model as (...inputs: unknown[]) => unknown;
  const modules = model instanceof Module ? model.namedModules() : [], path: string[] = [];
  const modes = modules.map(([, module]) => module.training), generator = getRngState();
  const hooks = modules.flatMap(([name, module]) => [
    module.registerForwardPreHook(() => void path.push(name)),
    module.registerForwardHook(() => void path.pop()),
  ]);
  if (training !== "preserve") { for (const [, module] of modules) module.training = training === "training"; }
  // What is not there yet, a module makes when it is called, once.
  const tensors = model instanceof Module
    ? [...model.parameters(), ...model.buffers()].filter((tensor) => !isLazy(tensor))
    : [];
  const before = tensors.map(({ node }) => node);
  const restore = () => {
    path.length = 0;
    tensors.forEach((tensor, i) => {
      if (tensor.node !== before[i]) noGrad(() => tensor.assign(new Tensor(before[i]!), "exportOnnx"));
    });
  };
  try {
    return body({
      scope: () => path.at(-1) ?? "",
      call(...inputs) {
        try {
          return run(...inputs);
        } finally {
          restore();
        }
      },
    });
  } finally {
    for (const hook of hooks) hook.remove();
    modules.forEach(([, module], i) => module.training = modes[i]!);
    setRngState(generator);
  }
}

/** The names of a model's parameters and buffers, as in its state dict and in its order; of a tensor that has several, the first. */
export function stateNames(model: Exportable): Map<Node, string> {
  if (!(model instanceof Module)) return new Map();
  const names = new Map<Node, string>();
  for (const [name, { node }] of [...Object.entries(model.stateDict({ keepVars: true })), ...model.namedBuffers()]) {
    if (!names.has(node)) names.set(node, name);
  }
  return names;
}
