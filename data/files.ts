/**
 * Files where the host has a file system, with errors that say what to do.
 *
 * @module
 */

import { described } from "../tensor/describe.ts";
import { TensaurError, ValueError } from "../tensor/mod.ts";

/** Where a file is, or its content. */
export type FileSource = string | URL | Uint8Array;

interface Entry {
  readonly name: string;
  isDirectory(): boolean;
}

interface FileSystem {
  readFileSync(path: string): Uint8Array;
  readdirSync(path: string, options: { readonly withFileTypes: true }): Entry[];
  statSync(path: string): Entry;
}

/** For the library: a module of the host, if it has it; asked for when it is needed: importing this library needs no permission. */
export function builtinIfAny<T>(name: string): T | undefined {
  const host = (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }).process;
  return host?.getBuiltinModule?.(name) as T | undefined;
}

/** For the library: a module of the host. */
export function builtin<T>(name: string, to: string): T {
  const found = builtinIfAny<T>(name);
  if (found === undefined) throw new TensaurError(`Cannot ${to}: this host has no ${name}. Pass the content as bytes`);
  return found;
}

/** The path of a file, or of one in a folder. */
export function pathOf(root: string | URL, ...parts: readonly string[]): string {
  if (typeof root !== "string" && !(root instanceof URL)) {
    throw new ValueError(
      `Cannot use ${described(root)} as a path: give a string such as "model.safetensors", or a URL`,
    );
  }
  const start = root instanceof URL
    ? builtin<{ fileURLToPath(url: URL): string }>("node:url", `find ${root}`).fileURLToPath(root)
    : root;
  return [start.replace(/(?<=.)[/\\]$/, ""), ...parts].join("/");
}

/** For the library: what `run` returns, with the host's errors about a file in words that say what to do. */
export function attempt<F, T>(path: string, advice: string, run: (fs: F) => T, verb: "read" | "write" = "read"): T {
  try {
    return run(builtin<F>("node:fs", `${verb} ${path}`));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const code = "code" in error ? error.code : error.name;
    if (code === "ENOENT") {
      const missing = verb === "read" ? "file" : "folder";
      throw new TensaurError(`Cannot ${verb} ${path}: there is no such ${missing}. ${advice}`.trim());
    }
    if (code === "NotCapable" || code === "PermissionDenied" || code === "EACCES") {
      throw new TensaurError(`Cannot ${verb} ${path} without permission: run with --allow-${verb}=${path}`, {
        cause: error,
      });
    }
    if (code === "EISDIR") throw new TensaurError(`Cannot ${verb} ${path}: it is a folder`);
    throw error;
  }
}

/** The names of the folders and of the files in a folder, each sorted by character codes. */
export function listFolder(path: string, advice: string): { readonly folders: string[]; readonly files: string[] } {
  const entries = attempt(path, advice, (fs: FileSystem) => fs.readdirSync(path, { withFileTypes: true }));
  const names = (folders: boolean) => entries.filter((x) => x.isDirectory() === folders).map(({ name }) => name).sort();
  return { folders: names(true), files: names(false) };
}

/** The first of `paths` that there is; undefined where there is none. */
export function firstOf(paths: readonly string[]): string | undefined {
  return paths.find((path) => {
    try {
      return attempt(path, "", (fs: FileSystem) => fs.statSync(path)) !== undefined;
    } catch (error) {
      if (error instanceof TensaurError && error.cause === undefined) return false;
      throw error;
    }
  });
}

/** The bytes of a file, uncompressed if it is gzipped; `advice` says where a missing one is to be had. */
export function readBytes(source: FileSource, advice = ""): Uint8Array {
  const bytes = source instanceof Uint8Array
    ? source
    : attempt(pathOf(source), advice, (fs: FileSystem) => fs.readFileSync(pathOf(source)));
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const { gunzipSync } = builtin<{ gunzipSync(bytes: Uint8Array): Uint8Array }>("node:zlib", "uncompress gzipped data");
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new TensaurError(`Cannot uncompress ${nameOf(source)}: the gzipped data is damaged`, { cause: error });
  }
}

/** What a message calls a source. */
export function nameOf(source: FileSource): string {
  return source instanceof Uint8Array ? `${source.length} bytes` : `${source}`;
}
