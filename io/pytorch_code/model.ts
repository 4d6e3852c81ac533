/**
 * A model as Python: a class for each class of one's own, and the function that makes the model with its weights.
 *
 * @module
 */

import { Module, Parameter, type StateDict } from "../../nn/mod.ts";
import { isFloat, Tensor, ValueError } from "../../tensor/mod.ts";
import { pythonName } from "../../tensor/python_format.ts";
import { constructorOf, emptyLike, pathOf, standardClass } from "./constructor.ts";
import { type ForwardSource, forwardSource } from "./forward.ts";
import { indented, isIdentifier, isScriptName, literal, text, torchDtype } from "./python.ts";
import { runsOf } from "./runs.ts";

/** What a model is in Python. */
export interface ModelSource {
  /** The classes. */
  readonly classes: string;
  /** The functions `build_model` and `train_mode`. */
  readonly build: string;
  /** The names of the inputs of `forward`. */
  readonly inputs: readonly string[];
  /** The tensors that `build_model` loads. */
  readonly state: StateDict;
}

/** The fields of a module that are tensors but no parameters, with whether they are saved in a state dict. */
function buffersOf(module: Module): [string, Tensor, boolean][] {
  const saved = module.stateDict({ keepVars: true });
  return Object.entries(module).flatMap(([field, value]): [string, Tensor, boolean][] => {
    if (!(value instanceof Tensor) || value instanceof Parameter) return [];
    const name = pythonName(field);
    return [[name, value, saved[name] === value]];
  });
}

/** Writes the classes of a model. */
class Classes {
  readonly #texts = new Map<string, string>();
  readonly #names = new Map<Module, string>();

  constructor(readonly forwards: ReadonlyMap<Module, ForwardSource>) {}

  /** The name of the class of a module of one's own, which is written first. */
  nameOf(module: Module): string {
    const known = this.#names.get(module);
    if (known !== undefined) return known;
    const body = this.#body(module), stem = module.constructor.name;
    if (!isIdentifier(stem)) throw new ValueError(`Cannot export a class named "${stem}": it is no name in Python`);
    let name = stem;
    const taken = (name: string) => isScriptName(name) || (this.#texts.get(name) ?? body) !== body;
    for (let n = 2; taken(name); n++) name = `${stem}${n}`;
    this.#texts.set(name, body);
    this.#names.set(module, name);
    return name;
  }

  #body(module: Module): string {
    const forward = this.forwards.get(module);
    if (forward === undefined) {
      throw new ValueError(
        `Cannot export ${module.constructor.name} without example inputs that reach it: its forward() is written in TypeScript, and is ` +
          "followed while it runs. Pass exampleInputs to exportPyTorch",
      );
    }
    const lines = ["super().__init__()"];
    const buffers = new Map(buffersOf(module).map(([name, x, saved]) => [name, { x, saved }]));
    for (const [field, value] of Object.entries(module)) {
      const name = pathOf(module, pythonName(field)), buffer = buffers.get(name);
      if (value instanceof Module) {
        lines.push(`self.${name} = ${constructorOf(value, (own) => `${this.nameOf(own)}()`)}`);
      } else if (value instanceof Parameter) lines.push(`self.${name} = nn.Parameter(${emptyLike(value)})`);
      else if (buffer !== undefined) {
        lines.push(
          `self.register_buffer(${text(name)}, ${emptyLike(buffer.x)}${buffer.saved ? "" : ", persistent=False"})`,
        );
      }
    }
    const parameters = ["self", ...forward.parameters].join(", ");
    return `def __init__(self):\n${indented(lines.join("\n"))}\n\ndef forward(${parameters}):\n${
      indented(forward.body)
    }\n`;
  }

  /** All classes, each after those that it needs. */
  get source(): string {
    return [...this.#texts].map(([name, body]) => `class ${name}(nn.Module):\n${indented(body)}`).join("\n\n");
  }
}

/** The forwards of all modules of one's own, as example inputs show them. */
function forwardsOf(model: Module, inputs: readonly unknown[]): Map<Module, ForwardSource> {
  const forwards = new Map<Module, ForwardSource>();
  const modes = [true, false].map((training) =>
    runsOf(model, inputs, training).map((runs) => [runs[0].module, forwardSource(runs)] as const)
  );
  for (const [module] of modes.flat()) {
    const [training, evaluation] = modes.map((
      mode,
    ) => [...new Set(mode.filter(([m]) => m === module).map(([, f]) => f.body))]);
    if (training!.length > 1 || evaluation!.length > 1) {
      throw new ValueError(
        `Cannot export ${module.constructor.name}: its forward() took different steps when it was called more than once. ` +
          "Make it two classes, or one whose steps are the same",
      );
    }
    const { parameters } = modes.flat().find(([m]) => m === module)![1],
      [train = "", evaluate = ""] = [training![0], evaluation![0]];
    // A functional dropout does nothing in evaluation by itself.
    const undropped = train.replaceAll(/^(\w+) = F\.\w*dropout\w*\(\1, .*training=self\.training\)\n/gm, "");
    const both = `if self.training:\n${indented(train)}\n${evaluate}`;
    forwards.set(module, { parameters, body: undropped === evaluate ? train : both });
  }
  return forwards;
}

/** Statements that make places of the model the same as others: modules and parameters that are in several places. */
function sharing(model: Module): string[] {
  const seen = new Map<unknown, string>(), lines: string[] = [];
  const visit = (value: unknown, name: string): void => {
    const known = seen.get(value), path = name === "" ? "model" : `model.${pathOf(model, name)}`.replace(".[", "[");
    if (known !== undefined) {
      if (value instanceof Module && Object.keys(value.stateDict()).length === 0) return;
      lines.push(`${path} = ${known}`);
      return;
    }
    seen.set(value, path);
    if (!(value instanceof Module)) return;
    const own = standardClass(value) === undefined || !isListed(value);
    for (const [field, part] of Object.entries(value)) {
      const key = own ? pythonName(field) : field;
      if (part instanceof Module || part instanceof Parameter) visit(part, name === "" ? key : `${name}.${key}`);
    }
  };
  visit(model, "");
  return lines;
}

/** Whether the names of a module's parts are as they were given. */
function isListed(module: Module): boolean {
  return /^(Sequential|Module|Parameter)/.test(standardClass(module)!);
}

/** The dtype of all floating-point tensors of a model. */
function dtypeOf(model: Module): string {
  const dtypes = new Set([...model.parameters(), ...model.buffers()].map((x) => x.dtype).filter(isFloat));
  if (dtypes.size > 1) {
    throw new ValueError(
      `Cannot export a model of several dtypes, ${[...dtypes].join(" and ")}: convert it with to("float32")`,
    );
  }
  return torchDtype[[...dtypes][0] ?? "float32"];
}

/** A loop over names, in one line where it fits. */
function loop(names: readonly string[], statement: string): string {
  const line = `for name in ${literal(names)}:`;
  const list = line.length <= 100
    ? line
    : `for name in (\n${indented(names.map((name) => `${text(name)},`).join("\n"))}\n):`;
  return `${list}\n${indented(statement)}`;
}

/** A model as Python. */
export function modelSource(model: Module, exampleInputs: readonly unknown[] | undefined): ModelSource {
  const forwards = exampleInputs === undefined ? new Map<Module, ForwardSource>() : forwardsOf(model, exampleInputs);
  const classes = new Classes(forwards);
  const lines = [`model = ${constructorOf(model, (own) => `${classes.nameOf(own)}()`)}`, ...sharing(model)];
  const dtype = dtypeOf(model);
  if (dtype !== "torch.float32") lines.push(`model.to(${dtype})`);

  const unsaved = model.namedModules().flatMap(([prefix, module]) =>
    standardClass(module) !== undefined
      ? []
      : buffersOf(module).filter(([, , saved]) => !saved).map(([name, x]) =>
        [prefix === "" ? name : `${prefix}.${name}`, x] as const
      )
  );
  lines.push("state = read_safetensors(weights)");
  if (unsaved.length > 0) {
    lines.push(loop(unsaved.map(([name]) => name), "model.get_buffer(name).copy_(state.pop(name))"));
  }
  lines.push("model.load_state_dict(state)");
  const frozen = model.namedParameters().filter(([, x]) => !x.requiresGrad).map(([name]) => name);
  if (frozen.length > 0) lines.push(loop(frozen, "model.get_parameter(name).requires_grad_(False)"));

  const still = model.namedModules().filter(([, module]) => !module.training).map(([name]) => name);
  const all = still.length === model.modules().length;
  if (all) lines.push("model.eval()");
  else if (still.length > 0) lines.push("train_mode(model)");
  lines.push("return model");
  const build = `def build_model(weights=WEIGHTS):\n    """The model with its weights."""\n${
    indented(lines.join("\n"))
  }\n`;
  const mode = all || still.length === 0
    ? `def train_mode(model):\n    """Training."""\n    model.train()\n`
    : `def train_mode(model):\n    """Training, but for the parts that were in evaluation."""\n${
      indented(`model.train()\n${loop(still, "model.get_submodule(name).training = False")}`)
    }\n`;
  const inputs = forwards.get(model)?.parameters ?? ["x"];
  return {
    classes: classes.source,
    build: `${build}\n\n${mode}`,
    inputs,
    state: { ...model.stateDict(), ...Object.fromEntries(unsaved) },
  };
}
