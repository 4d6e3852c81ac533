/**
 * Graphs that can be run: every name is known, every value is given once, and nodes come after those whose outputs they take.
 *
 * @module
 */

import { ShapeError, TensaurError, ValueError } from "../../../tensor/mod.ts";
import { type GraphProto, type NodeProto, type TensorProto, TensorType, type ValueInfoProto } from "../model.ts";
import { at, labelOf, Step } from "./call.ts";
import { domainOf, type Functions, type Placed } from "./functions.ts";
import { hostOperators } from "./host/mod.ts";
import { described } from "./inputs.ts";
import { NEWEST, OLDEST, operatorsOf } from "./operators/mod.ts";
import { typeName } from "./tensors.ts";

/** A value that the file holds. */
export interface Initial {
  /** Its name. */
  readonly name: string;
  /** The tensor in the file. */
  readonly proto: TensorProto;
  /** Whether a node gives it, rather than the list of initializers. */
  readonly constant: boolean;
}

/** A graph that can be run. */
export class Graph {
  /** A graph, checked. */
  constructor(
    /** What is given, in order. */
    readonly inputs: readonly ValueInfoProto[],
    /** What is computed, in order. */
    readonly outputs: readonly ValueInfoProto[],
    /** Values that the file holds. */
    readonly initial: readonly Initial[],
    /** The nodes, in an order in which they can run. */
    readonly steps: readonly Step[],
    /** For each step, the values that nothing needs after it. */
    readonly released: readonly (readonly string[])[],
    /** Names of values that are taken from the graph around this one. */
    readonly captured: ReadonlySet<string>,
  ) {}
}

/** Throws one error about all nodes, of graphs within graphs as well, that no operator here computes. */
export function checkOperators(graph: GraphProto, functions: Functions): void {
  const missing = new Map<string, string[]>(), versions = new Set<string>();
  const visit = (graph: GraphProto): void => {
    for (const { node, version } of functions.nodesOf(graph)) {
      const domain = domainOf(node), name = domain || "ai.onnx";
      if (version === undefined) versions.add(`it has nodes of ${name} and does not say of which version`);
      else if (domain === "" && (version < OLDEST || version > NEWEST)) {
        versions.add(`it is of version ${version} of ai.onnx, and ${OLDEST} to ${NEWEST} are supported`);
      }
      const constant = node.opType === "Constant" && domain === "";
      if (!constant && !Object.hasOwn(operatorsOf(domain), node.opType)) {
        const key = `${node.opType} of ${name} ${version ?? "?"}`;
        const nodes = missing.get(key);
        if (nodes === undefined) missing.set(key, [labelOf(node)]);
        else nodes.push(labelOf(node));
      }
      for (const { g, graphs = [] } of node.attribute) for (const inner of g ? [g] : graphs) visit(inner);
    }
  };
  visit(graph);
  const list = [...missing].slice(0, 40).map(([key, nodes]) => {
    const more = nodes.length > 3 ? ` and ${nodes.length - 3} more` : "";
    return `\n  ${key}: ${nodes.slice(0, 3).join(", ")}${more}`;
  });
  const problems = [
    ...versions,
    ...(list.length === 0 ? [] : [
      `${missing.size} operator${missing.size === 1 ? " is" : "s are"} not supported:${list.join("")}${
        missing.size > 40 ? "\n  …" : ""
      }`,
    ]),
  ];
  if (problems.length > 0) throw new ValueError(problems.join("; "));
}

/** The types of elements of values, by their names; undefined where the file does not tell. */
type Types = ReadonlyMap<string, number | undefined>;

/** A graph that can be run; `outer` are the values that the graphs around it have. */
export function graphOf(proto: GraphProto, functions: Functions, outer: Types): Graph {
  if (proto.sparseInitializers) throw new ValueError("it has sparse initializers, which are not supported");
  const nodes = functions.nodesOf(proto),
    isConstant = ({ node }: Placed) => node.opType === "Constant" && domainOf(node) === "";
  const placed = nodes.filter((item) => !isConstant(item));
  const initial = [
    ...proto.initializer.map((proto): Initial => ({ name: proto.name ?? "", proto, constant: false })),
    ...nodes.filter(isConstant).map(({ node }) => at(labelOf(node), () => constantOf(node))),
  ];
  const told = new Map(
    [...proto.valueInfo ?? [], ...proto.output, ...proto.input].map((
      { name, type },
    ) => [name, type?.tensorType?.elemType]),
  );
  const given = new Map<string, number | undefined>(), held = new Map(initial.map((item) => [item.name, item]));
  const define = (name: string, what: string, type = told.get(name)): void => {
    if (name === "") throw new ValueError(`${what} has no name`);
    if (given.has(name)) throw new ValueError(`${what} "${name}" is defined twice`);
    given.set(name, type);
  };
  for (const { name, proto } of initial) define(name, "the initializer", proto.dataType);
  // In the first versions of the format the initializers are inputs as well.
  for (const info of proto.input) {
    const initializer = held.get(info.name);
    if (initializer === undefined) define(info.name, "the input");
    else checkTold(initializer.proto, info);
  }
  const start = new Set(given.keys()), producer = new Map<string, number>();
  placed.forEach(({ node }, i) => {
    for (const name of node.output) {
      if (name === "") continue;
      define(name, `the output of ${labelOf(node)}`);
      producer.set(name, i);
    }
  });

  const known = new Map([...outer, ...given]);
  const inner = placed.map((item) => at(labelOf(item.node), () => graphsOf(item, functions, known)));
  const needs = placed.map(({ node }, i) => {
    const unknown = node.input.findIndex((name) => name !== "" && !known.has(name));
    if (unknown >= 0) {
      at(labelOf(node), () => {
        throw new ValueError(`its input ${unknown} is "${node.input[unknown]}", which nothing gives`);
      });
    }
    return new Set([
      ...node.input.filter((name) => name !== ""),
      ...[...inner[i]!.values()].flatMap((graph) => [...graph.captured]),
    ]);
  });
  for (const { name } of proto.output) {
    if (!known.has(name)) throw new ValueError(`the output "${name}" is given by nothing`);
  }
  const order = ordered(placed, needs, producer), outputs = new Set(proto.output.map(({ name }) => name));
  return new Graph(
    proto.input,
    proto.output,
    initial,
    order.map((i) => stepOf(placed[i]!, inner[i]!, known)),
    releases(order.map((i) => [needs[i]!, placed[i]!.node.output]), start, outputs),
    new Set([...needs.flatMap((names) => [...names]), ...outputs].filter((name) => !given.has(name))),
  );
}

/** Throws unless an initializer is what the list of inputs says of it. */
function checkTold({ dims, dataType }: TensorProto, info: ValueInfoProto): void {
  const { elemType, shape } = info.type?.tensorType ?? { elemType: dataType };
  const fits = shape === undefined ||
    shape.length === dims.length && shape.every((extent, i) => typeof extent !== "number" || extent === dims[i]);
  if (fits && (elemType === dataType || elemType === TensorType.UNDEFINED)) return;
  throw new ShapeError(
    `the initializer "${info.name}" is ${typeName(dataType)}[${dims.join(", ")}], and the input ${described(info)}`,
  );
}

/** A node that gives a constant, as an initializer under the name of its output. */
function constantOf({ attribute, output }: NodeProto): Initial {
  const [value] = attribute, name = output[0] ?? "";
  const made = (dataType: number, dims: readonly number[], data: Partial<TensorProto>): Initial => ({
    name,
    proto: { dims, dataType, ...data },
    constant: true,
  });
  const integers = (list: readonly number[]) => ({
    int64Data: BigInt64Array.from(list, (i) => i >= 2 ** 63 ? 2n ** 63n - 1n : BigInt(i)),
  });
  if (value?.t !== undefined) return { name, proto: value.t, constant: true };
  switch (value?.name) {
    case "value_float":
      return made(TensorType.FLOAT, [], { floatData: Float32Array.of(value.f ?? 0) });
    case "value_floats":
      return made(TensorType.FLOAT, [value.floats?.length ?? 0], { floatData: Float32Array.from(value.floats ?? []) });
    case "value_int":
      return made(TensorType.INT64, [], integers([value.i ?? 0]));
    case "value_ints":
      return made(TensorType.INT64, [value.ints?.length ?? 0], integers(value.ints ?? []));
    default:
      throw new ValueError(
        `its value is ${value === undefined ? "missing" : `the attribute ${value.name}, which is not supported`}`,
      );
  }
}

function graphsOf({ node }: Placed, functions: Functions, known: Types): Map<string, Graph> {
  return new Map(
    node.attribute.flatMap(({ name, g }): [string, Graph][] =>
      g === undefined ? [] : [[name, at(`its ${name}`, () => graphOf(g, functions, known))]]
    ),
  );
}

function stepOf({ node, version }: Placed, graphs: ReadonlyMap<string, Graph>, types: Types): Step {
  const domain = domainOf(node), operator = operatorsOf(domain)[node.opType]!;
  const onHost = domain === "" && Object.hasOwn(hostOperators, node.opType) ? hostOperators[node.opType] : undefined;
  return new Step(node, version!, operator, graphs, onHost, node.input.map((name) => types.get(name)));
}

/** Positions of nodes in an order in which they can run: their own where that is one. */
function ordered(
  placed: readonly Placed[],
  needs: readonly ReadonlySet<string>[],
  producer: ReadonlyMap<string, number>,
): number[] {
  const waiting: number[] = [], followers: number[][] = placed.map(() => []);
  needs.forEach((names, i) => {
    const before = new Set([...names].flatMap((name) => producer.get(name) ?? []));
    waiting.push(before.size);
    for (const j of before) followers[j]!.push(i);
  });
  const order: number[] = [], ready = [...placed.keys()].filter((i) => waiting[i] === 0);
  const inOrder = needs.every((names, i) => [...names].every((name) => (producer.get(name) ?? -1) < i));
  if (inOrder) return [...placed.keys()];
  for (const i of ready) {
    order.push(i);
    for (const j of followers[i]!) if (--waiting[j]! === 0) ready.push(j);
  }
  if (order.length === placed.length) return order;
  const stuck = [...placed.keys()].filter((i) => waiting[i]! > 0).map((i) => labelOf(placed[i]!.node));
  throw new TensaurError(
    `its nodes wait for one another in a circle: ${stuck.slice(0, 8).join(", ")}${stuck.length > 8 ? ", …" : ""}`,
  );
}

/** For each step the values that are given by the graph's own steps and not needed after it. */
function releases(
  steps: readonly (readonly [needs: ReadonlySet<string>, gives: readonly string[]])[],
  start: ReadonlySet<string>,
  outputs: ReadonlySet<string>,
): string[][] {
  const done = new Set([...start, ...outputs]);
  return [...steps.keys()].reverse().map((i) => {
    const [needs, gives] = steps[i]!;
    const last = [...new Set([...needs, ...gives])].filter((name) => name !== "" && !done.has(name));
    for (const name of last) done.add(name);
    return last;
  }).reverse();
}
