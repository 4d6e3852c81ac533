/**
 * Imports go one way: this test knows the way, and holds every import of every file against it.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import config from "../deno.json" with { type: "json" };

/** The engine, lowest tier first: each part may import its tier and those before it. */
const engine = [
  ["kernels/errors.ts", "kernels/host.ts"],
  ["kernels/ir"],
  ["kernels/schedule"],
  ["kernels/templates", "kernels/lower"],
  ["kernels/runtime"],
  ["kernels/inspect"],
  ["kernels/mod.ts"],
];

/** The parts of the house and what each may import besides itself; a file belongs to the longest name that begins its path. */
const mayImport: Record<string, readonly string[]> = {
  ...Object.fromEntries(
    engine.flatMap((tier, i) => tier.map((part) => [part, engine.slice(0, i + 1).flat()])),
  ),
  "tensor": ["kernels/mod.ts"],
  "functional": ["tensor", "kernels/mod.ts"],
  "tensor/methods": ["functional", "tensor", "kernels/mod.ts"],
  "nn": ["functional", "tensor", "tensor/methods"],
  "optim": ["nn", "functional", "tensor", "tensor/methods"],
  "data": ["data/files.ts", "data/source.ts", "functional", "tensor", "tensor/methods"],
  "data/files.ts": ["tensor"],
  "data/source.ts": ["data/files.ts", "tensor"],
  "distributions": ["functional", "tensor", "tensor/methods"],
  "data/images.ts": ["data", "data/files.ts", "tensor", "tensor/methods"],
  "data/parquet.ts": ["data", "data/parquet_pages.ts", "data/files.ts", "data/source.ts", "tensor", "tensor/methods"],
  "data/parquet_pages.ts": ["tensor"],
  "plot": ["data", "data/files.ts", "nn", "functional", "tensor", "tensor/methods"],
  "io": ["io/pytorch_code", "nn", "functional", "tensor", "tensor/methods", "data/files.ts", "data/source.ts"],
  "io/pytorch_code": ["io", "optim", "nn", "functional", "tensor", "tensor/methods", "kernels/mod.ts", "data/files.ts"],
  "io/onnx": [
    ...["io", "io/onnx/export", "nn", "functional", "tensor", "tensor/methods", "data/files.ts", "data/source.ts"],
  ],
  "io/onnx/export": ["io", "io/onnx", "kernels/mod.ts", "nn", "tensor"],
  "mod.ts": ["data", "distributions", "functional", "io", "kernels/mod.ts", "nn", "optim", "tensor", "tensor/methods"],
  "examples": ["mod.ts"],
  "bench": ["mod.ts", "tools"],
  "tests": ["mod.ts", "data/images.ts", "data/parquet.ts", "plot"],
  "tests/io": ["mod.ts", "tests", "data/parquet.ts", "io", "io/onnx"],
  "tests/kernels": ["mod.ts", "tests", ...engine.flat()],
  "tests/tools": ["tools"],
  "tools": ["mod.ts"],
};

/** Interfaces in a higher part that a lower one may name as types, because others fulfil them. */
const typesFromAbove: Record<string, readonly string[]> = {
  "kernels/ir": ["kernels/runtime/device.ts"],
  "kernels/schedule": ["kernels/runtime/device.ts"],
  "kernels/templates": ["kernels/runtime/device.ts"],
  "kernels/lower": ["kernels/runtime/device.ts"],
  "tensor": ["tensor/methods.ts"],
};

/** Packages that a part may import; the library itself has no dependencies, but for an entry point of its own. */
const packages: Record<string, RegExp> = {
  "kernels/runtime": /^node:/,
  "data/images.ts": /^(fast-png|jpeg-js)$/,
  "plot":
    /^(@dagrejs\/dagre|@fontsource\/dejavu-sans\/metadata\.json|@observablehq\/plot|@resvg\/resvg-wasm|fast-png|linkedom)$/,
  "data/parquet.ts": /^hyparquet$/,
  "data/parquet_pages.ts": /^hyparquet(\/src\/\w+\.js)?$/,
  "io/onnx": /^onnx-proto$/,
  "bench": /^(node:|npm:|@std\/)/,
  "tests/tools": /^@std\//,
  "tools": /^(node:|npm:acorn)/,
  "tests": /^(node:|npm:|@std\/|fast-png$|jpeg-js$)/,
  "tests/io": /^(node:|npm:|@std\/)/,
  "tests/kernels": /^(node:|npm:|@std\/)/,
};

/** Words of the engine, which nothing outside `kernels/` imports by name. */
const engineWords = /wgsl|wasm|webassembly|workgroup|buffer/i;

interface Import {
  readonly specifier: string;
  readonly names: string;
  readonly typeOnly: boolean;
}

function importsOf(source: string): Import[] {
  const code = source.replaceAll(/^\s*\/\*[\s\S]*?\*\//gm, "");
  const found: Import[] = [];
  for (
    const [, type, names = "", specifier] of code.matchAll(/^(?:im|ex)port\s+(type\s)?([^"';]*?\bfrom\s*)?"([^"]+)"/gm)
  ) {
    const listed = names.match(/^\{([^}]*)\}/)?.[1]?.split(",").map((name) => name.trim()).filter(Boolean) ?? [];
    const typeOnly = type !== undefined || listed.length > 0 && listed.every((name) => name.startsWith("type "));
    found.push({ specifier: specifier!, names, typeOnly });
  }
  for (const [, specifier] of code.matchAll(/\bimport\(\s*"([^"]+)"/g)) {
    found.push({ specifier: specifier!, names: "", typeOnly: false });
  }
  return found;
}

/** Whether `path` imports `target`, itself or through others. */
function reaches(graph: ReadonlyMap<string, readonly string[]>, path: string, target: string): boolean {
  const seen = new Set([path]);
  for (const at of seen) {
    for (const next of graph.get(at) ?? []) seen.add(next);
  }
  return seen.has(target);
}

/** The imports between folders that lie on a circle of imports; within a folder, modules may be written hand in hand. */
function circlesBetweenFolders(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const folder = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);
  return [...graph].flatMap(([path, targets]) =>
    targets.filter((target) => folder(target) !== folder(path) && reaches(graph, target, path))
      .map((target) => `${path} imports ${target}, which imports it`)
  );
}

const root = new URL("..", import.meta.url);

/** The part that a path belongs to; none for data files at the top. */
function partOf(path: string): string {
  const owners = Object.keys(mayImport).filter((name) =>
    path === name || path === `${name}.ts` || path.startsWith(`${name}/`)
  );
  return owners.sort((a, b) => b.length - a.length)[0] ?? "";
}

/** The path of what is imported, from the top of the repository; undefined for another package. */
function pathOf(specifier: string, importer: string): string | undefined {
  if (specifier.startsWith(".")) return new URL(specifier, new URL(importer, root)).href.slice(root.href.length);
  if (!specifier.startsWith(config.name)) return undefined;
  const exported: Record<string, string> = config.exports;
  return exported[`.${specifier.slice(config.name.length)}`]?.slice(2);
}

/** Why an import is against the rules; undefined if it is not. */
function complaint(path: string, { specifier, names, typeOnly }: Import): string | undefined {
  const from = partOf(path);
  const target = pathOf(specifier, path);
  if (target === undefined) {
    return packages[from]?.test(specifier) ? undefined : `${path} imports the package ${specifier}`;
  }
  const to = partOf(target);
  if (!path.includes("kernels/") && target.startsWith("kernels/") && engineWords.test(names)) {
    return `${path} imports ${names.replaceAll(/\s+/g, " ")}${target}`;
  }
  if (to === from || mayImport[from]?.includes(to) || target.endsWith(".json")) return undefined;
  if (typeOnly && typesFromAbove[from]?.includes(target)) return undefined;
  return `${path} imports ${target}`;
}

/** Our own sources under a folder, as paths from the top of the repository. */
function* sources(folder = ""): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(new URL(folder, root))) {
    if (isDirectory && !/^\.|^(dist|node_modules|third_party|vendor)$/.test(name)) yield* sources(`${folder}${name}/`);
    else if (name.endsWith(".ts")) yield folder + name;
  }
}

const imports = new Map([...sources()].map((path) => [path, importsOf(Deno.readTextFileSync(new URL(path, root)))]));

Deno.test("every source file belongs to a part", () => {
  assertEquals([...imports.keys()].filter((path) => partOf(path) === ""), []);
});

Deno.test("imports go one way", () => {
  const complaints = [...imports].flatMap(([path, list]) => list.map((found) => complaint(path, found)));
  assertEquals(complaints.filter((text) => text !== undefined), []);
});

Deno.test("no folder imports itself in a circle", () => {
  const running = [...imports].map(([path, list]): [string, string[]] => [
    path,
    list.filter(({ typeOnly }) => !typeOnly).map(({ specifier }) => pathOf(specifier, path) ?? specifier),
  ]);
  assertEquals(circlesBetweenFolders(new Map(running)), []);
});

Deno.test("circlesBetweenFolders() sees through intermediate modules", () => {
  const graph = new Map([["a/x", ["a/y"]], ["a/y", ["b/x", "a/x"]], ["b/x", ["a/x"]], ["c/x", ["a/x"]]]);
  assertEquals(circlesBetweenFolders(graph), [
    "a/y imports b/x, which imports it",
    "b/x imports a/x, which imports it",
  ]);
});

Deno.test("importsOf() reads all forms of import", () => {
  const source = `/**
 * import { no } from "comment";
 */
import { a, type B } from "./a.ts";
import {
  type C,
  type D,
} from "./b.ts";
import type { E } from "./c.ts";
export * from "./d.ts";
export type { F } from "./e.ts";
import "./f.ts";
const g = await import("./g.ts");
`;
  assertEquals(
    importsOf(source).map(({ specifier, typeOnly }) => specifier + (typeOnly ? " type" : "")),
    ["./a.ts", "./b.ts type", "./c.ts type", "./d.ts", "./e.ts type", "./f.ts", "./g.ts"],
  );
});
