/**
 * Handing a model over to PyTorch, to train it where one machine is not enough.
 *
 * @module
 */

import { pathOf } from "../../data/files.ts";
import type { Module } from "../../nn/mod.ts";
import { ReduceLROnPlateau } from "../../optim/lr_scheduler/mod.ts";
import type { Optimizer, OptimizerOptions } from "../../optim/mod.ts";
import { Tensor, ValueError } from "../../tensor/mod.ts";
import { type FileTarget, writeContent } from "../content.ts";
import { writePyTorch } from "../pytorch_writer.ts";
import { writeSafetensors } from "../safetensors.ts";
import { constructorOf } from "./constructor.ts";
import { modelSource } from "./model.ts";
import { type AnyScheduler, optimizerSource, schedulerSource, schedulerState } from "./optimizer.ts";
import { tensorSource } from "./python.ts";
import { dataSource, safetensorsSource } from "./reading.ts";
import { trainingSource } from "./training.ts";

/** One of the schedules of `optim.lrScheduler`. */
export interface SchedulerLike {
  /** Whose learning rates are scheduled. */
  readonly optimizer: object;
  /** What it has to remember. */
  stateDict(): Record<string, unknown>;
}

/** Options of `exportPyTorch`. */
export interface PyTorchExportOptions {
  /** Arguments of the model's `forward`; needed where there are classes of one's own, whose `forward` is followed while it runs. */
  readonly exampleInputs?: Tensor | readonly unknown[];
  /** The optimizer, whose state goes along; without it the model alone is written. */
  readonly optimizer?: Optimizer<OptimizerOptions>;
  /** The optimizer's schedule, whose progress goes along. */
  readonly scheduler?: SchedulerLike;
  /** What is minimised, a loss of `nn`; needed with an optimizer. */
  readonly loss?: Module;
}

const IMPORTS = ["json", "struct"], TRAINING_IMPORTS = ["argparse", "ast", "contextlib", "os", "zipfile"];

/**
 * Writes a model as readable PyTorch code with its weights and, with an optimizer, as a script that goes on training it, on one machine or
 * on many under `torchrun`. `folder/net.py` gets `folder/net.safetensors` for the weights and `folder/net.optimizer.pt` for the state of
 * optimizer and schedule beside it; the script needs nothing but PyTorch.
 *
 * Standard modules become the calls of their constructors. A module of one's own becomes a class: its `forward` runs on the example
 * inputs, in training and in evaluation, and what it calls is written down: modules, methods of tensors, functions. It runs on
 * inputs of other shapes, too, where the model takes these, so that numbers that come from shapes are written as that. Names, shared
 * weights, frozen parameters, buffers, modes, weight and spectral normalisation are kept. The model is as before afterwards.
 *
 * What the files hold is the same model: outputs and the next steps of training agree within rounding.
 *
 * @throws {ValueError} where something cannot be written as PyTorch: a `forward` that reads elements or calls an `autograd.Function`,
 * hooks, parametrizations, optimizers or schedules of one's own; where example inputs or the loss are missing; for a path that does not
 * end in `.py`
 * @see {@link https://pytorch.org/docs/stable/elastic/run.html torchrun}
 * @example
 * ```ts
 * import { io, nn, optim, randn, type Tensor } from "@tensaur/tensaur";
 *
 * class Net extends nn.Module {
 *   fc1 = new nn.Linear(4, 8);
 *   fc2 = new nn.Linear(8, 4);
 *   override forward(x: Tensor): Tensor {
 *     return this.fc2(this.fc1(x).relu()).add(x);
 *   }
 * }
 * const model = new Net(), optimizer = new optim.AdamW(model.parameters(), { lr: 1e-3 });
 * const path = `${Deno.makeTempDirSync()}/net.py`;
 * io.exportPyTorch(model, path, { exampleInputs: randn([2, 4]), optimizer, loss: new nn.MSELoss() });
 * console.log(Deno.readTextFileSync(path).match(/    def forward[^]*?return .*$/m)![0]);
 * //     def forward(self, x):
 * //         fc1 = self.fc1(x)
 * //         fc1 = fc1.relu()
 * //         fc1 = self.fc2(fc1)
 * //         x = fc1 + x
 * //         return x
 * ```
 */
export function exportPyTorch(model: Module, path: FileTarget, options: PyTorchExportOptions = {}): void {
  const { exampleInputs, optimizer, loss } = options, script = pathOf(path);
  const scheduler = options.scheduler as AnyScheduler | undefined;
  if (!script.endsWith(".py")) throw new ValueError(`Cannot export to ${script}: the name of the script ends in .py`);
  if (optimizer === undefined && (scheduler !== undefined || loss !== undefined)) {
    throw new ValueError("Cannot export a schedule or a loss without an optimizer: pass optimizer, too");
  }
  if (optimizer !== undefined && loss === undefined) {
    throw new ValueError("Cannot export an optimizer without a loss: pass loss: new nn.CrossEntropyLoss(), say");
  }
  if (scheduler !== undefined && scheduler.optimizer !== optimizer) {
    throw new ValueError("Cannot export a schedule of another optimizer: pass the one that it was made for");
  }
  const stem = script.slice(0, -".py".length), name = stem.split(/[/\\]/).at(-1)!;
  const inputs = exampleInputs instanceof Tensor ? [exampleInputs] : exampleInputs;
  const source = modelSource(model, inputs), training = optimizer !== undefined && loss !== undefined;

  const parts = [head(model, name, training), source.classes, safetensorsSource, source.build];
  if (training) {
    parts.push(optimizerSource(optimizer, model));
    if (scheduler !== undefined) parts.push(schedulerSource(scheduler));
    parts.push(stateSource, dataSource);
    const schedule = scheduler === undefined ? "none" : scheduler instanceof ReduceLROnPlateau ? "plateau" : "plain";
    const lossCall = constructorOf(loss, (own) => refuseLoss(own), tensorSource);
    parts.push(trainingSource({ loss: lossCall, inputs: source.inputs, schedule }));
  }
  const bytes = new TextEncoder().encode(parts.filter((part) => part !== "").join("\n\n"));
  writeContent(script, { length: bytes.length, chunks: () => [bytes] });
  writeSafetensors(`${stem}.safetensors`, source.state, { metadata: { format: "pt" } });
  if (!training) return;
  const state = {
    optimizer: optimizer.stateDict(),
    scheduler: scheduler === undefined ? null : schedulerState(scheduler),
  };
  writePyTorch(`${stem}.optimizer.pt`, state);
}

function refuseLoss(loss: Module): never {
  throw new ValueError(
    `Cannot export the loss ${loss.constructor.name}: pass one of nn's, such as new nn.CrossEntropyLoss()`,
  );
}

function head(model: Module, name: string, training: boolean): string {
  const imports = [...IMPORTS, ...(training ? TRAINING_IMPORTS : [])].sort().map((module) => `import ${module}`);
  const run = training
    ? `
Training, in one process, on the GPUs of one machine, or on several machines:

    python3 ${name}.py --data data.safetensors
    torchrun --nproc_per_node=4 ${name}.py --data data.safetensors
    torchrun --nnodes=2 --nproc_per_node=8 --rdzv_backend=c10d --rdzv_endpoint=HOST:29400 ${name}.py --data data.safetensors
`
    : "";
  const state = training ? `STATE = pathlib.Path(__file__).with_suffix(".optimizer.pt")\n` : "";
  return `"""${model.constructor.name}, exported from Tensaur; the weights are in ${name}.safetensors.

    from ${name} import build_model
    model = build_model()
${run}"""

${[...imports, "import pathlib"].sort().join("\n")}
from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import nn

WEIGHTS = pathlib.Path(__file__).with_suffix(".safetensors")
${state}`;
}

const stateSource = `def load_state(optimizer, scheduler=None, path=STATE):
    """Goes on from where the optimizer and the schedule were."""
    state = torch.load(path, map_location="cpu")
    optimizer.load_state_dict(state["optimizer"])
    if scheduler is not None:
        scheduler.load_state_dict(state["scheduler"])
`;
