/**
 * Running examples.
 *
 * @module
 */

import { assertEquals } from "@std/assert";

/** The repository. */
export const root = new URL("../..", import.meta.url);

function spawn(name: string, args: readonly string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", `examples/${name}.ts`, ...args],
    cwd: root,
    env: { XDG_RUNTIME_DIR: Deno.env.get("XDG_RUNTIME_DIR") ?? "/tmp" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(180_000),
  }).spawn();
}

/** What an example prints, run as a person would, except that nobody can answer a prompt; fails if it does not end by itself. */
export async function outputOf(name: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await spawn(name, args).output();
  const decoder = new TextDecoder();
  assertEquals(code, 0, decoder.decode(stderr));
  return decoder.decode(stdout);
}

/** The first lines that an example prints; it is ended when they have come. */
export async function firstLinesOf(name: string, count: number, ...args: string[]): Promise<string> {
  const child = spawn(name, args), errors = new Response(child.stderr).text();
  let text = "";
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.split("\n").length > count) break;
  }
  const lines = text.split("\n").slice(0, count);
  if (lines.length < count) assertEquals(text, "", await errors);
  child.kill("SIGKILL");
  await Promise.all([child.status, errors]);
  return lines.join("\n");
}
