/**
 * `deno task test [filter or paths]`: unit tests, and the examples of all documentation, on every device there is.
 * With `TENSAUR_REQUIRE_WEBGPU=1` a machine without a WebGPU adapter fails.
 *
 * @module
 */

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
const run = await deno(["test", "-A", "--doc", ...flags, ...(filter ? ["--filter", filter] : []), ...paths], {
  echo: true,
});
// The last tally: tests that themselves print one come before it.
const tally = [...run.output.matchAll(/\| (\d+) passed.* \| (\d+) failed/g)].at(-1);
const passed = Number(tally?.[1] ?? 0);
const failed = Number(tally?.[2] ?? 0);

const devices = await deno(["run", "-A", ...flags, "tests/devices.ts"]);
console.log(devices.output.trim());
// Mesa's software driver sometimes crashes while the process exits, after everything has been tested and counted.
const crashedAtExit = run.signal !== null && passed > 0 && failed === 0 && /^ok \| \d+ passed/m.test(run.output);
if (crashedAtExit) {
  console.log(`The test process ended with ${run.signal} after its tally: the driver's exit, not a test`);
}
finish(passed, Math.max(failed, (run.ok || crashedAtExit) && devices.ok ? 0 : 1));
