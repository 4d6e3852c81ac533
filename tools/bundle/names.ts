/**
 * Names that functions have by themselves.
 *
 * The bundler renames where modules share a name, and so restores every name with a call, `__name(f, "f")`, which costs a start
 * milliseconds in all. Where the language gives the name anyway, the call goes.
 *
 * @module
 */

import type { AnyNode, CallExpression, Class, Literal } from "./syntax.ts";
import type { Edit } from "./edits.ts";

/** What a call to the bundler's helper names, and how; undefined for any other node. */
function naming(node: AnyNode): { call: CallExpression; target: AnyNode; name: string } | undefined {
  if (node.type !== "CallExpression" || node.callee.type !== "Identifier" || node.callee.name !== "__name") return;
  const [target, name] = node.arguments as [AnyNode, Literal];
  return { call: node, target, name: name.value as string };
}

/** The name that an anonymous function or class gets from where it stands. */
function nameFromPlace(parent: AnyNode): string | undefined {
  const named = parent.type === "VariableDeclarator"
    ? parent.id
    : parent.type === "AssignmentExpression" || parent.type === "AssignmentPattern"
    ? parent.left
    : (parent.type === "Property" || parent.type === "PropertyDefinition") && !parent.computed
    ? parent.key
    : undefined;
  if (named?.type === "Literal") return String(named.value);
  return named?.type === "Identifier" ? named.name : undefined;
}

const idOf = (node: AnyNode | Class): string | undefined =>
  "id" in node && node.id?.type === "Identifier" ? node.id.name : undefined;

/** The statement's call, if a statement is nothing else. */
function statementNaming(node: AnyNode | undefined): ReturnType<typeof naming> {
  return node?.type === "ExpressionStatement" ? naming(node.expression) : undefined;
}

/** The edits that take away needless calls in a node whose ancestors, outermost first, end with its parent. */
export function needlessNames(source: string, node: AnyNode, ancestors: readonly AnyNode[]): Edit[] {
  const remove = ({ start, end }: AnyNode): Edit => ({ start, end, text: "" });
  const parent = ancestors.at(-1);
  if (node.type === "StaticBlock" && node.body.length === 1) {
    const named = statementNaming(node.body[0]), owner = ancestors.at(-2) as Class, place = ancestors.at(-3);
    const own = idOf(owner) ?? (place && nameFromPlace(place));
    return named?.target.type === "ThisExpression" && named.name === own ? [remove(node)] : [];
  }
  const statement = statementNaming(node);
  if (statement !== undefined) {
    return statement.target.type === "Identifier" && statement.target.name === statement.name ? [remove(node)] : [];
  }
  const named = naming(node);
  if (named === undefined || parent === undefined || parent.type === "ExpressionStatement") return [];
  const { call, target, name } = named;
  if (!/^(ArrowFunction|Function|Class)Expression$/.test(target.type)) return [];
  if ((idOf(target) ?? nameFromPlace(parent)) !== name) return [];
  const before = source.slice(0, call.start).match(/\/\* @__PURE__ \*\/ $/)?.[0].length ?? 0;
  return [
    { start: call.start - before, end: target.start, text: "" },
    { start: target.end, end: call.end, text: "" },
  ];
}
