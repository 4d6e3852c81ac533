/**
 * The parameters of the library's functions, methods and modules, as `deno doc` reads them: what is new there is tested by itself.
 *
 * @module
 */

import { assertEquals } from "@std/assert";

/** What a parameter takes: `tensor?` may be left out or null, an `operand` may be a number. */
export type Takes = "tensor" | "tensor?" | "tensors" | "operand" | "other";

/** A parameter by name. */
export interface Parameter {
  readonly name: string;
  readonly takes: Takes;
  /** Whether it is the rest of the arguments. */
  readonly rest: boolean;
}

/** A function, or a method, of a module. */
export interface Signature {
  readonly name: string;
  /** The file that exports it, and the interface or class that has it, if any. */
  readonly owner: string;
  readonly parameters: readonly Parameter[];
}

interface TypeNode {
  readonly kind: string;
  readonly value?: unknown;
}

interface ParamNode {
  readonly kind: string;
  readonly name?: string;
  readonly tsType?: TypeNode;
  readonly left?: ParamNode;
  readonly arg?: ParamNode;
}

interface FunctionNode {
  readonly name?: string;
  readonly params?: readonly ParamNode[];
  readonly functionDef?: { readonly params: readonly ParamNode[] };
}

interface Declaration {
  readonly kind: string;
  readonly def: {
    readonly params?: readonly ParamNode[];
    readonly methods?: readonly FunctionNode[];
    readonly tsType?: TypeNode;
  };
}

interface Documentation {
  readonly nodes: Readonly<
    Record<string, { readonly symbols: readonly { readonly name: string; readonly declarations: Declaration[] }[] }>
  >;
}

/** The types of operations that are no function declarations. */
const typed: Readonly<Record<string, readonly Takes[]>> = {
  Unary: ["tensor"],
  Binary: ["operand", "operand"],
  BinaryOfTensors: ["tensor", "tensor"],
  BinaryOfTensor: ["tensor", "operand"],
  MaxPooling: ["tensor"],
  AdaptiveMaxPooling: ["tensor"],
  FractionalMaxPooling: ["tensor"],
};

/** A type as short text. */
function textOf(type: TypeNode | undefined): string {
  const value = type?.value;
  switch (type?.kind) {
    case "typeRef":
      return (value as { readonly typeName: string }).typeName;
    case "keyword":
      return value as string;
    case "union":
      return (value as TypeNode[]).map(textOf).join(" | ");
    case "array":
      return `${textOf(value as TypeNode)}[]`;
    case "parenthesized":
      return textOf(value as TypeNode);
    case "typeOperator":
      return textOf((value as { readonly tsType: TypeNode }).tsType);
    default:
      return "other";
  }
}

function takes(type: TypeNode | undefined, optional: boolean): Takes {
  const text = textOf(type);
  const parts = text.split(" | ");
  if (text === "Tensor") return optional ? "tensor?" : "tensor";
  if (text === "Tensor[]") return "tensors";
  if (text === "Operand") return "operand";
  return parts.includes("Tensor") && parts.every((part) => /^(Tensor|null|undefined)$/.test(part))
    ? "tensor?"
    : "other";
}

function parameterOf(node: ParamNode & { readonly optional?: boolean }): Parameter {
  const inner = node.left ?? node.arg ?? node;
  const type = node.tsType ?? inner.tsType, rest = node.kind === "rest";
  const element = rest && type?.kind === "array" ? type.value as TypeNode : type;
  const optional = node.optional === true || node.left !== undefined;
  return { name: inner.name ?? "options", takes: takes(element, optional), rest };
}

/** What these files export and can be called, with the methods of classes and interfaces. */
export async function signatures(...files: readonly string[]): Promise<Signature[]> {
  const cwd = new URL("../..", import.meta.url);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: ["doc", "--json", ...files], cwd })
    .output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const { nodes }: Documentation = JSON.parse(new TextDecoder().decode(stdout));
  return Object.entries(nodes).flatMap(([file, { symbols }]) => {
    const path = file.slice(cwd.href.length);
    const found = symbols.flatMap(({ name, declarations }) =>
      declarations.flatMap((declaration): Signature[] => signaturesOf(path, name, declaration))
    );
    // `const relu_: typeof relu` has the parameters of `relu`.
    const others = symbols.flatMap(({ name, declarations: [declaration] }) => {
      const type = declaration?.def?.tsType;
      if (declaration?.kind !== "variable" || type?.kind !== "typeQuery") return [];
      return found.filter((signature) => signature.name === type.value).map((signature) => ({ ...signature, name }));
    });
    return [...found, ...others];
  });
}

function signaturesOf(path: string, name: string, { kind, def }: Declaration): Signature[] {
  if (kind === "function") return [{ name, owner: path, parameters: def.params!.map(parameterOf) }];
  if (kind === "variable" && def.tsType?.kind === "fnOrConstructor") {
    const { params } = def.tsType.value as { readonly params: readonly ParamNode[] };
    return [{ name, owner: path, parameters: params.map(parameterOf) }];
  }
  if (kind === "variable") {
    const known = typed[textOf(def.tsType)];
    if (known === undefined) return [];
    return [{ name, owner: path, parameters: known.map((takes) => ({ name: "", takes, rest: false })) }];
  }
  if (kind !== "interface" && kind !== "class") return [];
  return (def.methods ?? []).map((method) => ({
    name: method.name!,
    owner: name,
    parameters: (method.params ?? method.functionDef?.params ?? []).map(parameterOf),
  }));
}
