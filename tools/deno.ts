/**
 * What the tasks share: running this very Deno on the repository, and choosing its configuration.
 *
 * @module
 */

import config from "../deno.json" with { type: "json" };

/** The repository. */
export const root: URL = new URL("..", import.meta.url);

/** Modules that the package exports. */
export const entryPoints: string[] = Object.values(config.exports);

/** How a command ended. */
export interface Outcome {
  /** Whether it succeeded. */
  readonly ok: boolean;
  /** The signal that ended it; null where it ended by itself. */
  readonly signal: string | null;
  /** What it wrote, without colours. */
  readonly output: string;
}

/** Runs `deno` with these arguments, in the repository unless said otherwise, showing its output while it comes if `echo`. */
export async function deno(
  args: readonly string[],
  { echo = false, cwd = root }: { readonly echo?: boolean; readonly cwd?: URL | string } = {},
): Promise<Outcome> {
  // Mesa's software Vulkan complains on stderr without a runtime directory; any valid one will do.
  const env: Record<string, string> = Deno.env.has("XDG_RUNTIME_DIR") ? {} : { XDG_RUNTIME_DIR: "/tmp" };
  if (echo && Deno.stdout.isTerminal() && !Deno.noColor) env.FORCE_COLOR = "1";
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let output = "";
  const collect = async (from: ReadableStream<Uint8Array>, to: typeof Deno.stdout): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of from) {
      output += decoder.decode(chunk, { stream: true });
      if (echo) to.writeSync(chunk);
    }
  };
  const [status] = await Promise.all([
    child.status,
    collect(child.stdout, Deno.stdout),
    collect(child.stderr, Deno.stderr),
  ]);
  // deno-lint-ignore no-control-regex -- colours are control characters
  return { ok: status.success, signal: status.signal, output: output.replaceAll(/\x1b\[[0-9;]*m/g, "") };
}

/**
 * Flags that make `@std/*` resolve: none where JSR's packages are cached or can be fetched, else those of the configuration that
 * links the stand-ins in `third_party/`.
 */
export async function configFlags(): Promise<string[]> {
  const specifiers = Object.values(config.imports).filter((specifier) => specifier.startsWith("jsr:"));
  const packages = specifiers.map((specifier) => import(specifier));
  const tooLate = new Promise((_, reject) => setTimeout(reject, 20_000));
  try {
    await Promise.race([Promise.all(packages), tooLate]);
    return [];
  } catch {
    console.log("JSR cannot be reached: using the stand-ins of deno.offline.json for @std");
    return ["--config", "deno.offline.json"];
  }
}

/** Prints the tally that ends every task of this repository, and ends the process. */
export function finish(passed: number, failed: number): never {
  console.log(`${passed} passed, ${failed} failed`);
  Deno.exit(failed === 0 ? 0 : 1);
}
