/**
 * Running examples.
 *
 * @module
 */

import { assertEquals } from "@std/assert";

/** The repository. */
export const root = new URL("../..", import.meta.url);

/** What an example prints, run as a person would, except that nobody can answer a prompt; fails if it does not end by itself. */
export async function outputOf(name: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", `examples/${name}.ts`, ...args],
    cwd: root,
    env: { XDG_RUNTIME_DIR: Deno.env.get("XDG_RUNTIME_DIR") ?? "/tmp" },
    stdin: "null",
    signal: AbortSignal.timeout(60_000),
  }).output();
  const decoder = new TextDecoder();
  assertEquals(code, 0, decoder.decode(stderr));
  return decoder.decode(stdout);
}
