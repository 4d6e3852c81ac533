/**
 * Operators that a model defines itself, replaced by the nodes that they stand for.
 *
 * @module
 */

import { ValueError } from "../../../tensor/mod.ts";
import type { AttributeProto, FunctionProto, GraphProto, ModelProto, NodeProto, OperatorSetId } from "../model.ts";
import { at, labelOf } from "./call.ts";

/** Nodes that a model may have once its functions are replaced. */
const MOST_NODES = 2 ** 18;
/** Names of values that functions may have, where they are replaced, graphs in their nodes included. */
const MOST_NAMES = 2 ** 22;
/** Functions in functions. */
const DEEPEST = 64;

/** A node, and the version of its set of operators; undefined where the model does not tell it. */
export interface Placed {
  readonly node: NodeProto;
  readonly version: number | undefined;
}

/** ONNX's own name space has two names. */
export function domainOf({ domain = "" }: { readonly domain?: string }): string {
  return domain === "ai.onnx" ? "" : domain;
}

type Versions = ReadonlyMap<string, number>;

const versionsOf = (sets: readonly OperatorSetId[]): Versions =>
  new Map(sets.map((set) => [domainOf(set), set.version]));

/** The nodes of a model's graphs, with calls of its functions replaced. */
export class Functions {
  readonly #functions = new Map<string, FunctionProto>();
  readonly #versions: Versions;
  /** The versions that hold in the graphs of a function's nodes. */
  readonly #within = new WeakMap<GraphProto, Versions>();
  #nodes = 0;
  #names = 0;
  #calls = 0;

  /** The functions of a model. */
  constructor(model: ModelProto) {
    this.#versions = versionsOf(model.opsetImport);
    for (const f of model.functions ?? []) {
      const key = `${domainOf(f)}:${f.name}`;
      if (this.#functions.has(key)) throw new ValueError(`it defines the function ${f.name} of "${f.domain}" twice`);
      this.#functions.set(key, f);
    }
  }

  /** The nodes of a graph. */
  nodesOf(graph: GraphProto): Placed[] {
    return this.#expanded(graph.node, this.#within.get(graph) ?? this.#versions, 0);
  }

  #expanded(nodes: readonly NodeProto[], versions: Versions, depth: number): Placed[] {
    return nodes.flatMap((node): Placed[] => {
      const domain = domainOf(node), f = this.#functions.get(`${domain}:${node.opType}`);
      if (++this.#nodes > MOST_NODES) throw new ValueError(`it has more than ${MOST_NODES} nodes, with its functions`);
      if (f === undefined) {
        for (const { g, graphs = [] } of node.attribute) {
          for (const graph of g === undefined ? graphs : [g]) this.#within.set(graph, versions);
        }
        return [{ node, version: versions.get(domain) }];
      }
      if (depth === DEEPEST) throw new ValueError(`its function ${f.name} calls itself, or functions nest too deep`);
      return at(labelOf(node), () => this.#expanded(this.#body(f, node), versionsOf(f.opsetImport), depth + 1));
    });
  }

  /** The nodes of a function, in the place of a node that calls it. */
  #body(f: FunctionProto, call: NodeProto): NodeProto[] {
    if (call.input.length > f.input.length || call.output.length > f.output.length) {
      throw new ValueError(`the function takes ${f.input.length} inputs and gives ${f.output.length} outputs`);
    }
    const prefix = `${labelOf(call)}/${this.#calls++}/`;
    const names = new Map([
      ...f.output.map((name, i): [string, string] => [name, call.output[i] || prefix + name]),
      ...f.input.map((name, i): [string, string] => [name, call.input[i] ?? ""]),
    ]);
    const given = new Map(call.attribute.map((attribute) => [attribute.name, attribute]));
    const counted = (name: string): string => {
      if (++this.#names > MOST_NAMES) throw new ValueError("its functions are called too often");
      return rename(names, prefix, name);
    };
    return f.node.map((node) => renamed(node, counted, given));
  }
}

function rename(names: Map<string, string>, prefix: string, name: string): string {
  if (name === "") return "";
  const known = names.get(name);
  if (known !== undefined) return known;
  names.set(name, prefix + name);
  return prefix + name;
}

function renamed(
  node: NodeProto,
  rename: (name: string) => string,
  given: ReadonlyMap<string, AttributeProto>,
): NodeProto {
  const attribute = node.attribute.flatMap((attribute): AttributeProto[] => {
    if (attribute.refAttrName !== undefined) {
      const found = given.get(attribute.refAttrName);
      return found === undefined ? [] : [{ ...found, name: attribute.name }];
    }
    return [attribute.g === undefined ? attribute : { ...attribute, g: renamedGraph(attribute.g, rename, given) }];
  });
  return { ...node, input: node.input.map(rename), output: node.output.map(rename), attribute };
}

function renamedGraph(
  graph: GraphProto,
  rename: (name: string) => string,
  given: ReadonlyMap<string, AttributeProto>,
): GraphProto {
  const value = <T extends { readonly name?: string }>(item: T): T => ({ ...item, name: rename(item.name ?? "") });
  return {
    ...graph,
    node: graph.node.map((node) => renamed(node, rename, given)),
    input: graph.input.map(value),
    output: graph.output.map(value),
    initializer: graph.initializer.map(value),
  };
}
