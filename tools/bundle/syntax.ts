/**
 * Syntax trees of bundled files.
 *
 * @module
 */

// deno-lint-ignore no-import-prefix -- only this task needs it
import { type AnyNode, type Comment, parse, type Program } from "npm:acorn@^8.14";
// deno-lint-ignore no-import-prefix -- only this task needs it
import { fullAncestor } from "npm:acorn-walk@^8.3";

export type {
  AnyNode,
  ArrowFunctionExpression,
  CallExpression,
  Class,
  Comment,
  FunctionDeclaration,
  Literal,
  ObjectExpression,
  Program,
  Property,
  Statement,
} from "npm:acorn@^8.14";

/** The tree of a module, and its comments. */
export function parsed(source: string): { readonly program: Program; readonly comments: readonly Comment[] } {
  const comments: Comment[] = [];
  return { program: parse(source, { ecmaVersion: "latest", sourceType: "module", onComment: comments }), comments };
}

/** Calls `visit` with each node below `program` and its ancestors, outermost first, its parent last. */
export function eachNode(program: Program, visit: (node: AnyNode, ancestors: readonly AnyNode[]) => void): void {
  fullAncestor(program, (node, _, path) => visit(node as AnyNode, path.slice(0, -1) as AnyNode[]));
}
