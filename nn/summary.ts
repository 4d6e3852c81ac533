/**
 * A network layer by layer: what comes out of each, how much there is to learn, and how much to compute.
 *
 * @module
 */

import { type DeviceName, type DType, noGrad, Tensor, ValueError, zeros } from "../tensor/mod.ts";
import { trace } from "../tensor/trace.ts";
import type { Module } from "./module.ts";
import { bytesOf, count, innermostBytes, type Line, Observer, tensorsIn } from "./summary_lines.ts";
import { moduleHtml } from "./module_display.ts";
import { summaryHtml, summaryText } from "./summary_text.ts";
import { unchanged } from "./unchanged.ts";

/** Options of `summary`. */
export interface SummaryOptions {
  /** How deep layers within layers are shown; what is below counts with the one above. Default 3. */
  readonly depth?: number;
  /** The inputs' element types, one for all or one for each. Default the default float type; an embedding needs "int32". */
  readonly dtypes?: DType | readonly DType[];
  /** Where the inputs are; where the first parameter is by default. */
  readonly device?: DeviceName;
  /** Whether the network runs as in evaluation or in training. Default "eval". */
  readonly mode?: "eval" | "train";
}

/** One call of a layer, or a layer that was not called. */
export interface LayerSummary {
  /** The name of the field, or "" of the network itself. */
  readonly name: string;
  /** The name of the class. */
  readonly type: string;
  /** How deep the layer is in the network, which itself is 0. */
  readonly depth: number;
  /** The shapes of the tensors that came out; empty where the layer was not called. */
  readonly outputShapes: readonly (readonly number[])[];
  /** Elements of the layer's parameters, those of all layers within included. */
  readonly params: number;
  /** Elements of the parameters that are the layer's own, and not of a layer within. */
  readonly ownParams: number;
  /** Multiplications and additions in pairs, of products of matrices and convolutions, those of all layers within included. */
  readonly multAdds: number;
  /** Whether an earlier line is of the same layer: its parameters count once. */
  readonly recursive: boolean;
  /** The lines below this one that are of layers within it. */
  readonly layers: readonly LayerSummary[];
}

/** The sums of a `ModelSummary`. */
export interface ModelSummaryTotals {
  /** Elements of all parameters. */
  readonly totalParams: number;
  /** Elements of those parameters that require a gradient. */
  readonly trainableParams: number;
  /** Multiplications and additions in pairs of one run. */
  readonly totalMultAdds: number;
  /** Bytes of the inputs. */
  readonly totalInputBytes: number;
  /** Bytes of what the innermost layers give, and of its gradients. */
  readonly totalOutputBytes: number;
  /** Bytes of the parameters. */
  readonly totalParamBytes: number;
}

/**
 * What `summary` found. It prints as a table, in a terminal and in a notebook.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const found: nn.ModelSummary = nn.summary(new nn.Linear(2, 3), [1, 2]);
 * console.log(found.totalParams); // 9
 * ```
 */
export class ModelSummary implements ModelSummaryTotals {
  /** Elements of all parameters. */
  readonly totalParams: number;
  /** Elements of those parameters that require a gradient. */
  readonly trainableParams: number;
  /** Multiplications and additions in pairs of one run. */
  readonly totalMultAdds: number;
  /** Bytes of the inputs. */
  readonly totalInputBytes: number;
  /** Bytes of what the innermost layers give, and of its gradients. */
  readonly totalOutputBytes: number;
  /** Bytes of the parameters. */
  readonly totalParamBytes: number;
  readonly #depth: number;
  /** The network, if it was not called. */
  readonly #outlined: Module | undefined;

  /** @ignore */
  constructor(
    /** The network, with the layers within it. */
    readonly root: LayerSummary,
    totals: ModelSummaryTotals,
    depth: number,
    outlined?: Module,
  ) {
    this.totalParams = totals.totalParams;
    this.trainableParams = totals.trainableParams;
    this.totalMultAdds = totals.totalMultAdds;
    this.totalInputBytes = totals.totalInputBytes;
    this.totalOutputBytes = totals.totalOutputBytes;
    this.totalParamBytes = totals.totalParamBytes;
    this.#depth = depth;
    this.#outlined = outlined;
  }

  /** The table, for a terminal. */
  toString(): string {
    return summaryText(this.root, this, this.#depth);
  }

  /** What `console.log` shows. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }

  /** The same in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** What a notebook shows. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    const html = this.#outlined === undefined ? summaryHtml(this.root, this, this.#depth) : moduleHtml(this.#outlined);
    return { "text/plain": this.toString(), "text/html": html };
  }
}

/**
 * A network layer by layer, as torchinfo shows it: what each gives, its parameters and its multiply-adds, and the memory that all of it
 * takes. The network runs once with zeros of the given shape, which include the batch; kernels do not run unless it reads a value. It
 * is as before afterwards, its hooks, modes and buffers, and so is the default generator; a lazy layer alone has got its shapes.
 *
 * Multiply-adds are counted exactly, in products of matrices and in convolutions, wherever a layer computes them; torchinfo estimates
 * them from the parameters. The forward and backward pass is taken to keep what the innermost layers give, twice.
 *
 * @throws {ValueError} for a depth that is no whole number, or another number of dtypes than of inputs
 * @example
 * ```ts
 * import { nn, summary } from "@tensaur/tensaur";
 * const model = new nn.Sequential(new nn.Conv2d(1, 8, 3), new nn.ReLU(), new nn.Flatten(), new nn.Linear(5408, 10));
 * const result = summary(model, [1, 1, 28, 28]);
 * console.log(result.totalParams, result.totalMultAdds); // 54170 102752
 * console.log(`${result}`.split("\n")[4]);
 * // ├─Conv2d (0): 1-1          [1, 8, 26, 26]       80     48,672
 * ```
 * Without an input the network does not run: of each layer there are its parameters alone, in a notebook as a tree with their shapes.
 * @param input The shape of the input, a list of shapes, or the inputs themselves: a tensor or a list of arguments.
 * @see {@link https://github.com/TylerYep/torchinfo}
 */
export function summary(
  model: Module,
  input?: readonly number[] | readonly (readonly number[])[] | Tensor | readonly unknown[],
  options: SummaryOptions = {},
): ModelSummary {
  const { depth = 3, mode = "eval" } = options;
  if (!Number.isInteger(depth) || depth < 0) {
    throw new ValueError(`Cannot show a summary to depth ${depth}: it is a whole number from 0 on`);
  }
  if (input === undefined) return sums(new Observer(model).outline(model), 0, model, depth, model);
  const observer = new Observer(model);
  const hooks = model.modules().flatMap((module) => [
    module.registerForwardPreHook(() => observer.enter(module)),
    module.registerForwardHook((_module: Module, _inputs: unknown, output: unknown) => observer.leave(module, output)),
  ]);
  let inputBytes = 0;
  const run = () => {
    const inputs = inputsOf(model, input, options);
    inputBytes = bytesOf([...tensorsIn(inputs)]);
    unchanged(model, mode === "train", () => model.call(...inputs));
  };
  try {
    noGrad(() => trace(run, (pairs) => observer.count(pairs)));
  } finally {
    for (const hook of hooks) hook.remove();
  }
  return sums(observer.root!, inputBytes, model, depth);
}

function sums(root: Line, inputBytes: number, model: Module, depth: number, outlined?: Module): ModelSummary {
  const parameters = model.parameters();
  return new ModelSummary(
    root,
    {
      totalParams: root.params,
      trainableParams: count(parameters.filter((parameter) => parameter.requiresGrad)),
      totalMultAdds: root.multAdds,
      totalInputBytes: inputBytes,
      totalOutputBytes: 2 * innermostBytes(root),
      totalParamBytes: bytesOf(parameters),
    },
    depth,
    outlined,
  );
}

function inputsOf(model: Module, input: unknown, options: SummaryOptions): readonly unknown[] {
  if (input instanceof Tensor) return [input];
  const list = input as readonly unknown[];
  const isShape = (x: unknown): x is readonly number[] => Array.isArray(x) && x.every((e) => typeof e === "number");
  const shapes = isShape(list) ? [list] : list;
  if (!shapes.every(isShape)) return list;
  const { dtypes, device = model.parameters()[0]?.device } = options;
  if (Array.isArray(dtypes) && dtypes.length !== shapes.length) {
    throw new ValueError(`Cannot make ${shapes.length} inputs of ${dtypes.length} dtypes: name one for each`);
  }
  return shapes.map((shape, i) => {
    const dtype = (Array.isArray(dtypes) ? dtypes[i] : dtypes) as DType | undefined;
    return zeros(shape, { ...(dtype === undefined ? {} : { dtype }), ...(device === undefined ? {} : { device }) });
  });
}
