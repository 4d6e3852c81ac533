/**
 * Namespaces, such as `functional`, as plain objects.
 *
 * The bundler makes one of getters, before what they get exists. A namespace of which nothing is read while its file is loading can be
 * made at the file's end, in one piece, which takes a tenth of the time.
 *
 * @module
 */

import {
  type AnyNode,
  type ArrowFunctionExpression,
  eachNode,
  type ObjectExpression,
  type Program,
  type Property,
  type Statement,
} from "./syntax.ts";

/** A namespace of a bundle. */
export interface Namespace {
  /** The statements that made it, which go. */
  readonly statements: readonly Statement[];
  /** The statement that makes it, for the end of the file. */
  readonly text: string;
}

/** The namespaces of a file that can be made at its end, those that are members of others first. */
export function namespacesOf(source: string, program: Program): Namespace[] {
  const early = readInTheFile(program);
  const text = ({ start, end }: AnyNode): string => source.slice(start, end);
  const found = new Map<string, Namespace & { readonly values: readonly string[] }>();
  program.body.forEach((statement, i) => {
    const name = exportingTo(statement as AnyNode), declaration = program.body[i - 1];
    if (name === undefined || early.has(name) || text(declaration as AnyNode) !== `var ${name} = {};`) return;
    const { properties } = getters(statement as AnyNode) as ObjectExpression;
    const members = (properties as Property[]).map(({ key, value }) =>
      [text(key as AnyNode), text((value as ArrowFunctionExpression).body as AnyNode)] as const
    );
    const lines = members.map(([key, value]) => `${key}: ${value},`);
    found.set(name, {
      statements: [declaration as Statement, statement as Statement],
      text: ["", `var ${name} = Object.freeze({`, "__proto__: null,", ...lines, "});"].join("\n"),
      values: members.map(([, value]) => value),
    });
  });
  const ordered = new Set<Namespace>();
  const add = (name: string): void => {
    const namespace = found.get(name);
    if (namespace === undefined || ordered.has(namespace)) return;
    namespace.values.forEach(add);
    ordered.add(namespace);
  };
  for (const name of found.keys()) add(name);
  return [...ordered];
}

const getters = (node: AnyNode): AnyNode | undefined =>
  node.type === "ExpressionStatement" && node.expression.type === "CallExpression"
    ? node.expression.arguments[1]
    : undefined;

/** The namespace that a statement fills: `__export(name, { … })`. */
function exportingTo(node: AnyNode): string | undefined {
  if (node.type !== "ExpressionStatement" || node.expression.type !== "CallExpression") return;
  const { callee, arguments: [target] } = node.expression;
  if (callee.type === "Identifier" && callee.name === "__export" && target?.type === "Identifier") return target.name;
}

/** The names that a file's own code reads, other than to export them. */
function readInTheFile(program: Program): Set<string> {
  const read = new Set<string>();
  eachNode(program, (node, ancestors) => {
    if (node.type !== "Identifier" || ancestors.some((ancestor) => exportingTo(ancestor) !== undefined)) return;
    const parent = ancestors.at(-1);
    if (parent?.type !== "VariableDeclarator" || parent.id !== node) read.add(node.name);
  });
  return read;
}
