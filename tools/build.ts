/**
 * `deno task build`: the package as it is published, in `dist/` or the folder given: the entry points bundled, so that a script loads a
 * few files instead of hundreds, and the sources beside them, which have the types. Its `package.json` is for Node.
 *
 * @module
 */

import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import config from "../deno.json" with { type: "json" };
import type { FirstRun } from "./bundle/first_run.ts";
import { quickened } from "./bundle/quicken.ts";
import { deno, entryPoints, root } from "./deno.ts";

/** Files and folders whose copies are published. */
const SOURCES = "README.md LICENSE mod.ts kernels tensor functional nn optim data distributions io plot".split(" ");

function copy(from: string, to: string): void {
  if (Deno.statSync(from).isFile) {
    Deno.mkdirSync(dirname(to), { recursive: true });
    Deno.copyFileSync(from, to);
    return;
  }
  for (const { name } of Deno.readDirSync(from)) copy(join(from, name), join(to, name));
}

/** What keeps packages that the import map names out of the bundle; those that are named in full stay out by themselves. */
const packages = Object.keys(config.imports).flatMap((name) => ["--external", name, "--external", `${name}/*`]);

/** The bundle of an entry point. */
const bundled = (entry: string): string => entry.replace(/\.ts$/, ".js");

/** Builds the package in a folder, which is emptied first. Throws what the bundler says if it fails. */
export async function build(folder: string): Promise<void> {
  Deno.mkdirSync(folder, { recursive: true });
  for (const { name } of Deno.readDirSync(folder)) Deno.removeSync(join(folder, name), { recursive: true });
  // Not minified: the source of threads is the text of functions, and must not refer to a renamed helper.
  const flags = ["--quiet", "--code-splitting", "--keep-names", "--packages", "external", ...packages];
  await succeed(["bundle", ...flags, "--outdir", folder, ...entryPoints]);
  await quicken(folder);
  const repository = fileURLToPath(root);
  for (const name of SOURCES) copy(join(repository, name), join(folder, "src", name));
  for (const entry of entryPoints) {
    const file = join(folder, bundled(entry));
    const types = relative(dirname(file), join(folder, "src", entry)).replaceAll("\\", "/");
    const directive = `/* @ts-self-types="${types.startsWith(".") ? types : `./${types}`}" */\n`;
    Deno.writeTextFileSync(file, directive + Deno.readTextFileSync(file));
  }
  const { name, version, license, imports } = config;
  const exports = Object.fromEntries(Object.entries(config.exports).map(([key, entry]) => [key, bundled(entry)]));
  writeJson(join(folder, "deno.json"), {
    ...{ name, version, license, exports, imports },
    // Without a word on it, Deno would look for the packages where Node does, because of package.json.
    nodeModulesDir: "none",
    // Though `dist/` is ignored by git.
    publish: { exclude: ["!."] },
  });
  const optional = Object.entries(imports).filter(([name, specifier]) =>
    specifier.startsWith("npm:") && !name.endsWith("/")
  );
  const peerDependencies = Object.fromEntries(optional.map(([name, specifier]) => [name, specifier.split("@").at(-1)]));
  const peerDependenciesMeta = Object.fromEntries(optional.map(([name]) => [name, { optional: true }]));
  const engines = { node: ">=24" };
  const node = { type: "module", exports, engines, peerDependencies, peerDependenciesMeta };
  writeJson(join(folder, "package.json"), { name, version, license, ...node });
}

/** What a command prints; throws that if it fails. */
async function succeed(args: readonly string[]): Promise<string> {
  const { ok, output } = await deno(args);
  if (!ok) throw new Error(output);
  return output;
}

/** Makes the bundles start quickly. */
async function quicken(folder: string): Promise<void> {
  const script = fileURLToPath(new URL("bundle/first_run.ts", import.meta.url));
  const ran: FirstRun = JSON.parse(await succeed(["run", "-q", "--no-check", "-A", script, folder]));
  for (const [address, starts] of Object.entries(ran)) {
    const file = fileURLToPath(address);
    Deno.writeTextFileSync(file, quickened(Deno.readTextFileSync(file), new Set(starts)));
  }
}

function writeJson(file: string, value: unknown): void {
  Deno.writeTextFileSync(file, JSON.stringify(value, undefined, 2) + "\n");
}

if (import.meta.main) await build(Deno.args[0] ?? fileURLToPath(new URL("dist", root)));
