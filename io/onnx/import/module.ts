/**
 * A graph of a file as a module.
 *
 * @module
 */

import { withNames } from "../../../functional/pairs.ts";
import { Module } from "../../../nn/module.ts";
import { Parameter } from "../../../nn/parameter.ts";
import { DeviceError, type DeviceName, IndexError, type Tensor } from "../../../tensor/mod.ts";
import { Bounds } from "./bounds.ts";
import { prefixed, type Step } from "./call.ts";
import type { Graph } from "./graph.ts";
import { boundInputs, described, type NamedInputs } from "./inputs.ts";
import { layerClass, type OnnxLayer } from "./layer.ts";
import { Names } from "./names.ts";
import { execute, runGraph, Scope } from "./run.ts";
import type { Entry, State } from "./state.ts";
import { countOf, HOST_LIMIT, HostArray, keptOnHost, tensorOf, type Value } from "./values.ts";

/**
 * A network that `importOnnx` made of a file. It is called with the file's inputs, in order or in an object by name, and gives its output:
 * a tensor, or a list of several that also has them by name. Nodes with weights are its layers, for hooks and summaries.
 *
 * ```ts
 * import { manualSeed, nn, randn, summary } from "@tensaur/tensaur";
 * import { exportOnnx, importOnnx } from "@tensaur/tensaur/io/onnx";
 *
 * manualSeed(0);
 * const model = importOnnx(exportOnnx(new nn.Sequential(new nn.Linear(4, 3), new nn.ReLU()), randn([2, 4])));
 * console.log(model({ input: randn([2, 4]) }).shape, model.outputNames); // torch.Size([2, 3]) [ "output" ]
 * console.log(summary(model, [2, 4]).totalParams); // 15
 * ```
 */
export class OnnxModel<Output = Tensor> extends Module {
  private readonly entries: ReadonlyMap<Graph, readonly Entry[]>;
  private readonly keys: Readonly<Record<string, string>>;
  private readonly layers: Map<Step, OnnxLayer> = new Map();

  /** @ignore */
  constructor(
    /** The name of the file. */
    readonly source: string,
    /** The version of ai.onnx. */
    readonly opset: number,
    private readonly graph: Graph,
    state: State,
    private readonly device: DeviceName,
    private readonly bounded: boolean,
  ) {
    super();
    this.entries = state.entries;
    this.keys = Object.fromEntries(state.tensors.map(({ field, key }) => [field, key]));
    for (const { field, tensor } of state.tensors) {
      if (tensor instanceof Parameter) this.registerParameter(field, tensor);
      else this.registerBuffer(field, tensor);
    }
    const names = new Names(), fields = new Map(this.entries.get(graph)!.map(({ name, field }) => [name, field]));
    for (const step of graph.steps) {
      const own = step.node.input.flatMap((name): [string, string][] => {
        const field = fields.get(name);
        return field === undefined || !(Reflect.get(this, field) instanceof Parameter)
          ? []
          : [[this.keys[field]!, field]];
      });
      if (own.length > 0) this.addLayer(step, new Map(own), names);
    }
    this.eval();
  }

  /** Makes a node with weights a child, under its name without what names cannot have. */
  private addLayer(step: Step, fields: ReadonlyMap<string, string>, names: Names): void {
    const { name, opType, output } = step.node;
    const plain = (name || output[0] || opType).replaceAll(/\W+/g, "_").replaceAll(/^_+|_+$/g, "") || opType;
    const layer = new (layerClass(opType))(this, step, fields);
    this.layers.set(step, layer);
    let free = names.free(plain);
    // What every model has, "train" say, is no name of a layer.
    while (free in this) free = names.free(plain);
    this.registerModule(free, layer);
  }

  /** The fields that are weights, under their names in the file, and the layers. */
  protected override fieldNames(): string[] {
    const own = new Set<unknown>(this.layers.values());
    return [...Object.keys(this.keys), ...Object.keys(this).filter((field) => own.has(Reflect.get(this, field)))];
  }

  /** The name in the file. */
  protected override keyOf(field: string): string {
    return this.keys[field] ?? field;
  }

  /** The parameter of a name in the file, which may have dots. */
  override getParameter(name: string): Parameter {
    return found(this.namedParameters(), name, "parameter");
  }

  /** The buffer of a name in the file, which may have dots. */
  override getBuffer(name: string): Tensor {
    return found(this.namedBuffers(), name, "buffer");
  }

  /** Names of the inputs that a call must give. */
  get inputNames(): string[] {
    return this.wanted().map(({ name }) => name);
  }

  /** Names of the outputs, in order. */
  get outputNames(): string[] {
    return this.graph.outputs.map(({ name }) => name);
  }

  /** The inputs that have no value in the file. */
  private wanted(): Graph["inputs"] {
    const held = new Set(this.entries.get(this.graph)!.map(({ name }) => name));
    return this.graph.inputs.filter(({ name }) => !held.has(name));
  }

  /** Runs the graph. */
  override forward(...inputs: Tensor[] | [NamedInputs]): Output {
    return prefixed(`Cannot run ${this.source}: `, () => {
      const wanted = this.wanted(), optional = this.graph.inputs.filter((input) => !wanted.includes(input));
      const given = boundInputs(inputs, wanted, optional), device = this.deviceFor(given);
      const scope = new Scope();
      for (const [name, value] of given) scope.set(name, value);
      const weights = [...this.parameters(), ...this.buffers()],
        bounds = this.boundsFor([...weights, ...given.values()]);
      const outputs = bounds.within(() =>
        runGraph(this.graph, scope, {
          device,
          training: this.training,
          bounds,
          initial: (graph) => this.entries.get(graph)!.map((entry): [string, Value] => [entry.name, this.held(entry)]),
          execute: (step, inputs, run) => this.layers.get(step)?.outputs(inputs, run) ?? execute(step, inputs, run),
        })
      );
      // Whoever writes into an output must not write into a weight or a constant.
      const own = new Set<Value>(weights);
      const tensors = outputs.map((value) => {
        if (value instanceof HostArray) return tensorOf(value, device).clone();
        return own.has(value) ? value.clone() : value;
      });
      return this.outputOf(tensors) as Output;
    });
  }

  /** What a run on these tensors may take. */
  private boundsFor(given: readonly Tensor[]): Bounds {
    return new Bounds(this.bounded ? given.reduce((sum, x) => sum + countOf(x.shape), 0) : Infinity);
  }

  /** Where the weights are, or the inputs where there are none. */
  private deviceFor(inputs: ReadonlyMap<string, Tensor>): DeviceName {
    const device = (this.parameters()[0] ?? this.buffers()[0] ?? [...inputs.values()][0])?.device ?? this.device;
    const other = [...inputs].find(([, x]) => x.device !== device);
    if (other === undefined) return device;
    throw new DeviceError(
      `its input "${other[0]}" is on ${other[1].device}, and the weights on ${device}: move one with to()`,
    );
  }

  /** What has few elements and is not learned is looked at on the host. */
  private held({ field, array }: Entry): Value {
    if (array !== undefined) return array;
    const tensor = Reflect.get(this, field!) as Tensor;
    return tensor.isFloatingPoint() || countOf(tensor.shape) > HOST_LIMIT ? tensor : keptOnHost(tensor);
  }

  /** One tensor, or a list that has them by name as well. */
  private outputOf(values: readonly Tensor[]): unknown {
    if (values.length === 1) return values[0];
    // Of a list, these are not free.
    const names = this.outputNames.map((name, i) => [name, values[i]!] as const).filter(([name]) =>
      !/^(length|\d+)$/.test(name)
    );
    return withNames([...values], Object.fromEntries(names));
  }

  /** The graph's inputs and outputs, and how many nodes it has. */
  override extraRepr(): string {
    const { inputs, outputs } = { inputs: this.wanted(), outputs: this.graph.outputs };
    const weights = Object.keys(this.keys).length, nodes = this.graph.steps.length;
    return `(${inputs.map(described).join(", ")}) -> (${outputs.map(described).join(", ")})\n` +
      `opset ${this.opset}, ${nodes} node${nodes === 1 ? "" : "s"}, ${weights} weight${weights === 1 ? "" : "s"}`;
  }
}

function found<T>(entries: readonly [string, T][], name: string, kind: string): T {
  const entry = entries.find(([key]) => key === name);
  if (entry === undefined) throw new IndexError(`Cannot find a ${kind} "${name}" in the model`);
  return entry[1];
}
