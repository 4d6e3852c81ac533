/**
 * `deno task check`: all that can be said of the sources without running them. Quiet about what is in order.
 *
 * @module
 */

import { configFlags, deno, entryPoints, finish } from "./deno.ts";

const checks: Record<string, string[]> = {
  "format": ["fmt", "--check"],
  "lint": ["lint"],
  "types": ["check", ...await configFlags(), "."],
  "types in browsers": ["check", "--config", "deno.web.json", ...entryPoints],
  "documentation": ["doc", "--lint", ...entryPoints],
  "package": ["publish", "--dry-run", "--allow-dirty"],
};

let failed = 0;
for (const [name, args] of Object.entries(checks)) {
  const { ok, output } = await deno(args);
  console.log(`${ok ? "ok    " : "FAILED"} ${name}`);
  if (ok) continue;
  console.log(output);
  failed++;
}
finish(Object.keys(checks).length - failed, failed);
