/**
 * Where the peers live: a folder outside the repository with their packages and copies of their scripts, and with this library as it is
 * published.
 *
 * @module
 */

import { join } from "node:path";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { build } from "../tools/build.ts";
import type { Peer } from "./types.ts";

const scripts = fileURLToPath(new URL("peers", import.meta.url));

/** The folder, and how a peer is started there. */
export interface Scratch {
  readonly folder: string;
  /** The words of the command; none where what it needs is not installed. */
  command(peer: Peer): string[];
}

/** Whether a command succeeds; its output is shown only if it is asked for. */
async function succeeds(command: string, args: string[], cwd: string, show = false): Promise<boolean> {
  try {
    const stdio = show ? "inherit" : "null";
    return (await new Deno.Command(command, { args, cwd, stdin: "null", stdout: stdio, stderr: stdio }).output())
      .success;
  } catch {
    return false;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}

async function install(folder: string, packages: Readonly<Record<string, string>>): Promise<boolean> {
  const wanted = JSON.stringify({ private: true, dependencies: packages }, undefined, 2);
  const stamp = join(folder, ".installed");
  if (readIfThere(stamp) === wanted) return true;
  console.error(`Installing the peers into ${folder}`);
  Deno.writeTextFileSync(join(folder, "package.json"), wanted);
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  if (!await succeeds("npm", ["install", ...flags], folder, true)) return false;
  Deno.writeTextFileSync(stamp, wanted);
  return true;
}

/** An interpreter that has PyTorch. */
async function findPython(folder: string): Promise<string | undefined> {
  for (const python of [Deno.env.get("PYTHON") ?? "python3", "/usr/bin/python3"]) {
    if (await succeeds(python, ["-c", "import torch, numpy"], folder)) return python;
  }
  return undefined;
}

/** Prepares the folder (`BENCH_SCRATCH`, or one in the temporary directory) for these peers. */
export async function prepare(peers: readonly Peer[], packages: Readonly<Record<string, string>>): Promise<Scratch> {
  const folder = Deno.env.get("BENCH_SCRATCH") ?? join(tmpdir(), "tensaur-bench");
  Deno.mkdirSync(folder, { recursive: true });
  for (const { name, isFile } of Deno.readDirSync(scripts)) {
    if (isFile && name !== "tensaur.ts") Deno.copyFileSync(join(scripts, name), join(folder, name));
  }
  const files = new Set(peers.map(({ file }) => file));
  const foreign = [...files].some((file) => file.endsWith(".ts") && file !== "tensaur.ts" && file !== "empty.ts");
  const installed = !foreign || await install(folder, packages);
  const own = join(folder, "tensaur.json");
  if (files.has("tensaur.ts")) {
    await build(join(folder, "tensaur"));
    Deno.writeTextFileSync(own, JSON.stringify({ imports: { "@tensaur/tensaur": "./tensaur/mod.js" } }));
  }
  const python = files.has("pytorch.py") ? await findPython(folder) : undefined;
  const deno = [Deno.execPath(), "run", "--quiet", "--no-check", "--no-lock", "-A"];
  return {
    folder,
    command({ file }) {
      if (file.endsWith(".py")) return python === undefined ? [] : [python, "-W", "ignore", file];
      if (file === "tensaur.ts") return [...deno, "--config", own, join(scripts, file)];
      return installed ? [...deno, "--node-modules-dir=manual", file] : [];
    },
  };
}
