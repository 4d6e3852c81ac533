/**
 * Optimizers and schedules as calls of PyTorch's constructors, and their state as PyTorch loads it.
 *
 * @module
 */

import * as optim from "../../optim/mod.ts";
import { savedName } from "../../optim/saved_names.ts";
import type { Module } from "../../nn/mod.ts";
import { type Tensor, ValueError } from "../../tensor/mod.ts";
import { indented, literal, text } from "./python.ts";

/** Any of our optimizers. */
export type AnyOptimizer = optim.Optimizer<optim.OptimizerOptions>;
/** Any of our schedules. */
export type AnyScheduler = optim.lrScheduler.LRScheduler | optim.lrScheduler.ReduceLROnPlateau;

const optimizers = [
  "Adadelta",
  "Adafactor",
  "Adagrad",
  "Adam",
  "Adamax",
  "AdamW",
  "ASGD",
  "Muon",
  "NAdam",
  "RAdam",
  "RMSprop",
  "Rprop",
  "SGD",
] as const;

/** Optimizers whose options are not all 0 or false unless they are given. */
const decaying: ReadonlySet<string> = new Set(["AdamW", "Muon"]);

function typeOf(optimizer: AnyOptimizer): string {
  const type = optimizers.find((name) => optimizer.constructor === optim[name]);
  if (type !== undefined) return type;
  const name = optimizer.constructor.name;
  const reason = optimizer instanceof optim.LBFGS
    ? "it computes the loss several times a step"
    : "PyTorch has no such class";
  throw new ValueError(
    `Cannot export the optimizer ${name} to a training script: ${reason}. Use ${optimizers.join(", ")}`,
  );
}

/** `name=value` for options, as far as they are not what PyTorch takes anyway. */
function optionsOf(type: string, options: Readonly<Record<string, unknown>>): [string, string][] {
  return Object.entries(options).flatMap(([field, value]): [string, string][] => {
    const decoupled = field === "decoupledWeightDecay" && type === "AdamW";
    if (decoupled || (!value && !(decaying.has(type) && typeof value === "number"))) return [];
    return [[savedName(field), literal(value)]];
  });
}

/** The Python function that makes the optimizer of a model. */
export function optimizerSource(optimizer: AnyOptimizer, model: Module): string {
  const type = typeOf(optimizer),
    names = new Map<Tensor, string>(model.namedParameters().map(([name, x]) => [x, name]));
  const [first, ...others] = optimizer.paramGroups.map(({ params, paramNames: _, initialLr, lr, ...options }) => {
    const own: Record<string, unknown> = { ...options, lr: initialLr ?? lr };
    return { params: params.map((x, i) => names.get(x) ?? missing(i)), options: own };
  });
  const defaults = { ...optimizer.defaults, ...(others.length === 0 ? first!.options : {}) };
  const keywords = optionsOf(
    type,
    Object.fromEntries(Object.keys(optimizer.defaults).map((key) => [key, Reflect.get(defaults, key)])),
  );
  const tail = keywords.map(([name, value]) => `, ${name}=${value}`).join("");
  const lines: string[] = [];
  let params = "model.parameters()";
  if (others.length > 0 || first!.params.join() !== [...names.values()].join()) {
    lines.push("parameters = dict(model.named_parameters())", "groups = [");
    for (const { params, options } of [first!, ...others]) {
      const differing = Object.entries(options).filter(([key, value]) =>
        key in defaults && literal(value) !== literal(Reflect.get(defaults, key))
      );
      const listed = `[${params.map((name) => `parameters[${text(name)}]`).join(", ")}]`;
      const broken = `[\n${indented(params.map((name) => `parameters[${text(name)}],`).join("\n"))}\n]`;
      const entries = [
        ["params", listed.length < 80 ? listed : broken],
        ...differing.map(([key, value]) => [savedName(key), literal(value)]),
      ];
      const items = entries.map(([key, value]) => `${text(key!)}: ${value},`).join("\n");
      lines.push(indented(`{\n${indented(items)}\n},`));
    }
    lines.push("]");
    params = "groups";
  }
  lines.push(`return torch.optim.${type}(${params}${tail})`);
  return `def build_optimizer(model):\n    """The optimizer, without its state."""\n${indented(lines.join("\n"))}\n`;
}

function missing(i: number): never {
  throw new ValueError(
    `Cannot export an optimizer of other parameters than the model's: parameter ${i} of a group is not among them`,
  );
}

type Fields = Readonly<Record<string, unknown>>;

/** The arguments of each schedule besides the optimizer; a name alone is a field of that name. */
const schedules: Readonly<
  Record<string, readonly string[] | ((scheduler: Fields, groups: readonly Fields[]) => Fields)>
> = {
  StepLR: ["step_size", "gamma"],
  MultiStepLR: ["milestones", "gamma"],
  ExponentialLR: ["gamma"],
  ConstantLR: ["factor", "total_iters"],
  LinearLR: ["start_factor", "end_factor", "total_iters"],
  PolynomialLR: ["total_iters", "power"],
  CosineAnnealingLR: ["T_max", "eta_min"],
  CosineAnnealingWarmRestarts: ["T_0", "T_mult", "eta_min"],
  ReduceLROnPlateau: (s) => ({
    mode: s.mode,
    factor: s.factor,
    patience: s.patience,
    threshold: s.threshold,
    threshold_mode: s.threshold_mode,
    cooldown: s.cooldown,
    min_lr: s.min_lrs,
    eps: s.eps,
  }),
  OneCycleLR: (s, groups) => {
    const phases = s._schedule_phases as { endStep: number }[], [first] = groups as [Record<string, number>];
    const each = (name: string) => groups.map((group) => group[name]);
    return {
      max_lr: each("maxLr"),
      total_steps: s.total_steps,
      pct_start: (phases[0]!.endStep + 1) / (s.total_steps as number),
      anneal_strategy: s._anneal_func_type,
      cycle_momentum: s.cycle_momentum,
      ...(s.cycle_momentum ? { base_momentum: each("baseMomentum"), max_momentum: each("maxMomentum") } : {}),
      div_factor: first.maxLr! / first.initialLr!,
      final_div_factor: first.initialLr! / first.minLr!,
      three_phase: phases.length === 3,
    };
  },
  CyclicLR: (s) => {
    const up = Math.round((s.total_size as number) * (s.step_ratio as number));
    return {
      base_lr: s.base_lrs,
      max_lr: s.max_lrs,
      step_size_up: up,
      step_size_down: (s.total_size as number) - up,
      mode: s.mode,
      gamma: s.gamma,
      scale_mode: s.scale_mode,
      cycle_momentum: s.cycle_momentum,
      ...(s.cycle_momentum ? { base_momentum: s.base_momentums, max_momentum: s.max_momentums } : {}),
    };
  },
};

function scheduleCall(scheduler: AnyScheduler): string {
  const type = scheduler.constructor.name, prefix = "torch.optim.lr_scheduler.";
  if (Reflect.get(optim.lrScheduler, type) !== scheduler.constructor) throw unknownSchedule(type);
  const state: Fields = scheduler.stateDict();
  if (scheduler instanceof optim.lrScheduler.SequentialLR || scheduler instanceof optim.lrScheduler.ChainedScheduler) {
    const parts = `[\n${indented(scheduler.schedulers.map((part) => `${scheduleCall(part)},`).join("\n"))}\n]`;
    return type === "ChainedScheduler"
      ? `${prefix}${type}(${parts})`
      : `${prefix}${type}(optimizer, ${parts}, milestones=${list(state._milestones)})`;
  }
  const known = schedules[type];
  if (known === undefined || (scheduler instanceof optim.lrScheduler.CyclicLR && hasOwnScale(scheduler))) {
    throw unknownSchedule(type);
  }
  const values = typeof known === "function"
    ? known(state, scheduler.optimizer.paramGroups as unknown as Fields[])
    : Object.fromEntries(known.map((name) => [name, state[name]]));
  const args = Object.entries(values).map(([name, value]) => `, ${name}=${list(value)}`);
  return `${prefix}${type}(optimizer${args.join("")})`;
}

/** Whether the heights of cycles are those of a function that the user gave. */
function hasOwnScale({ scaleFn, mode, gamma }: optim.lrScheduler.CyclicLR): boolean {
  const expected = {
    triangular: () => 1,
    triangular2: (x: number) => 2 ** (1 - x),
    exp_range: (x: number) => gamma ** x,
  };
  return [1, 2, 3].some((x) => scaleFn(x) !== expected[mode](x));
}

function unknownSchedule(type: string): ValueError {
  return new ValueError(
    `Cannot export the schedule ${type}: it is a function or a class of one's own. Make one of PyTorch's, such as StepLR or SequentialLR`,
  );
}

/** As `literal`, but lists stay lists. */
function list(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(literal).join(", ")}]` : literal(value);
}

/** The Python function that makes the schedule of an optimizer. */
export function schedulerSource(scheduler: AnyScheduler): string {
  return `def build_scheduler(optimizer):\n    """The schedule of the learning rate, from its start."""\n` +
    `${indented(`return ${scheduleCall(scheduler)}`)}\n`;
}

/** What a schedule has to know to go on, besides what its constructor takes. */
const progress = [
  "last_epoch",
  "_step_count",
  "base_lrs",
  "_last_lr",
  "T_cur",
  "T_i",
  "best",
  "num_bad_epochs",
  "cooldown_counter",
];

/** A schedule's progress under PyTorch's names. */
export function schedulerState(scheduler: AnyScheduler): Record<string, unknown> {
  const all: Fields = scheduler.stateDict(),
    { schedulers } = scheduler as { readonly schedulers?: readonly AnyScheduler[] };
  const own = Object.fromEntries(progress.filter((name) => name in all).map((name) => [name, all[name]]));
  return schedulers === undefined ? own : { ...own, _schedulers: schedulers.map(schedulerState) };
}
