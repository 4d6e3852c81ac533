/**
 * `deno task test [filter or paths]`: unit tests, and the examples of all documentation, on every device there is.
 * With `TENSAUR_REQUIRE_WEBGPU=1` a machine without a WebGPU adapter fails.
 *
 * @module
 */

import config from "../deno.json" with { type: "json" };
import { configFlags, deno, finish, root } from "./deno.ts";

const isPath = (text: string): boolean => {
  try {
    Deno.statSync(new URL(text, root));
    return true;
  } catch {
    return false;
  }
};

const flags = await configFlags();
const paths = Deno.args.filter(isPath);
const filter = Deno.args.filter((argument) => !isPath(argument)).join(" ");

interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/** Runs `deno test`, and shows its output: while it comes, or when all of it is there. */
async function test(args: readonly string[], echo: boolean): Promise<Tally> {
  const filtered = filter ? ["--filter", filter] : [];
  const run = await deno(["test", "-A", ...flags, ...filtered, ...args], { echo });
  if (!echo) console.log(run.output);
  // The last tally: tests that themselves print one come before it.
  const tally = [...run.output.matchAll(/\| (\d+) passed.* \| (\d+) failed/g)].at(-1);
  const passed = Number(tally?.[1] ?? 0), failed = Number(tally?.[2] ?? 0);
  // Mesa's software driver sometimes crashes while the process exits, after everything has been tested and counted.
  const crashedAtExit = run.signal !== null && passed > 0 && failed === 0 && /^ok \| \d+ passed/m.test(run.output);
  if (crashedAtExit) {
    console.log(`The test process ended with ${run.signal} after its tally: the driver's exit, not a test`);
  }
  return { passed, failed: Math.max(failed, run.ok || crashedAtExit ? 0 : 1) };
}

// On the command line, what is left out takes the place of what the configuration leaves out.
const ignored = ["tests", ...config.test.exclude, ...config.exclude].join();
// The examples, each of which loads the library anew, take as long as the unit tests, and run beside them.
const tallies = paths.length > 0 || filter !== ""
  ? [await test(["--doc", ...paths], true)]
  : await Promise.all([test(["tests"], true), test(["--doc", `--ignore=${ignored}`], false)]);
const devices = await deno(["run", "-A", ...flags, "tests/devices.ts"]);
console.log(devices.output.trim());
const sum = (part: keyof Tally): number => tallies.reduce((total, tally) => total + tally[part], 0);
finish(sum("passed"), Math.max(sum("failed"), devices.ok ? 0 : 1));
