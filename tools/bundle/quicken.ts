/**
 * Makes a bundled package start quickly.
 *
 * V8 compiles a function when it is first called, unless it stands in parentheses: then it is compiled with its file, and the host keeps
 * it with the file's compiled code, so that later starts need not compile it at all. So the functions that a first script calls are put
 * in parentheses. Comments, indentation and needless calls go too, and namespaces become plain objects.
 *
 * @see {@link https://v8.dev/blog/preparser#pife}
 * @module
 */

import { type Edit, edited, sorted } from "./edits.ts";
import { needlessNames } from "./names.ts";
import { namespacesOf } from "./namespaces.ts";
import { type AnyNode, type Comment, eachNode, type FunctionDeclaration, parsed, type Program } from "./syntax.ts";

/** The file's text, made quick, given where the functions begin that a first script calls. */
export function quickened(source: string, ran: ReadonlySet<number>): string {
  const { program, comments } = parsed(source), needless = comments.filter(isNeedless);
  const edits: Edit[] = needless.map(({ start, end }) => ({ start, end, text: "" }));
  const texts: AnyNode[] = [];
  eachNode(program, (node, ancestors) => {
    if (node.type === "TemplateElement") texts.push(node);
    edits.push(...needlessNames(source, node, ancestors));
    if (isExpression(source, node) && ran.has(node.start)) {
      edits.push({ start: node.start, end: node.start, text: "(" }, { start: node.end, end: node.end, text: ")" });
    }
  });
  edits.push(...indentation(source, [...needless, ...texts]));
  return assembled(source, program, sorted(edits), ran);
}

/** Whether nobody reads a comment any more: neither a bundler nor Deno. */
const isNeedless = ({ value }: Comment): boolean => !/__PURE__|@ts-self-types/.test(value);

/** Functions that can stand in parentheses where they are; methods can't. */
function isExpression(source: string, node: AnyNode): boolean {
  return node.type === "ArrowFunctionExpression" ||
    node.type === "FunctionExpression" && /^(async\s+)?function/.test(source.slice(node.start, node.start + 20));
}

/** The spaces at the beginnings of lines, but for those within these nodes. */
function indentation(source: string, within: readonly { start: number; end: number }[]): Edit[] {
  const inside = new Set<number>();
  for (const { start, end } of within) for (let at = start; at < end; at++) inside.add(at);
  return [...source.matchAll(/^[ \n]+/gm)].map(({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
    text: "",
  }))
    .filter(({ start }) => !inside.has(start));
}

/** The statements, edited. Declarations of functions that run at the start come first, as variables: declarations can't be in parentheses. */
function assembled(source: string, program: Program, edits: readonly Edit[], ran: ReadonlySet<number>): string {
  const namespaces = namespacesOf(source, program), gone = new Set<unknown>(namespaces.flatMap((n) => n.statements));
  const imports: string[] = [], functions: string[] = [], rest: string[] = [];
  let at = 0, next = 0;
  for (const statement of program.body) {
    const from = next;
    while (next < edits.length && edits[next]!.start < statement.end) next++;
    const own = edits.slice(from, next);
    const isFunction = statement.type === "FunctionDeclaration" && ran.has(statement.start);
    const between = own.filter(({ end }) => end <= statement.start);
    const text = edited(source, statement.start, statement.end, own.slice(between.length));
    const before = edited(source, at, statement.start, between);
    if (isFunction) functions.push(before + `var ${(statement as FunctionDeclaration).id.name} = (${text});`);
    else if (!gone.has(statement)) (statement.type === "ImportDeclaration" ? imports : rest).push(before + text);
    at = statement.end;
  }
  const end = edited(source, at, source.length, edits.slice(next));
  return [...imports, ...functions, ...rest, ...namespaces.map(({ text }) => text), end].join("");
}
