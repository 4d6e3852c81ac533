/**
 * `deno task check`: all that can be said of the sources without running them. Quiet about what is in order.
 *
 * @module
 */

import { build } from "./build.ts";
import { configFlags, deno, entryPoints, finish, type Outcome } from "./deno.ts";

const dryRun = ["publish", "--dry-run", "--allow-dirty"];

const checks: Record<string, () => Promise<Outcome>> = {
  "format": () => deno(["fmt", "--check"]),
  "lint": () => deno(["lint"]),
  "types": async () => deno(["check", ...await configFlags(), "."]),
  "types in browsers": () => deno(["check", "--config", "deno.web.json", ...entryPoints]),
  "documentation": () => deno(["doc", "--lint", ...entryPoints]),
  "types of the package": () => deno(dryRun),
  "package": built,
};

/** Builds the package, tries to publish it, and runs a script with it. */
async function built(): Promise<Outcome> {
  const folder = Deno.makeTempDirSync();
  try {
    await build(folder);
    const published = await deno(dryRun, { cwd: folder });
    if (!published.ok) return published;
    const script = `import { autograd, nn, ones, setDefaultDevice, tensor } from "./mod.js";
import { Linear } from "./nn/mod.js";
import { line } from "./plot/mod.js";
import workers from "node:worker_threads";
if (!(new Linear(2, 3) instanceof nn.Linear)) throw new Error("entry points do not share their modules");
if (!line(ones([3])).svg.startsWith("<svg")) throw new Error("pictures are not drawn");
try {
  using _ = autograd.detectAnomaly();
  tensor([-1]).sqrt();
  throw new Error("no anomaly was found");
} catch (error) {
  if (!/script\\.ts:\\d/.test(error.message)) throw error;
}
const real = process.getBuiltinModule;
process.getBuiltinModule = (name) =>
  name !== "node:worker_threads" ? real(name) : {
    ...workers,
    Worker: class extends workers.Worker {
      constructor(...args) {
        super(...args);
        super.on("error", (error) => { console.error(error); Deno.exit(1); });
      }
    },
  };
setDefaultDevice("cpu");
const x = ones([500, 500]);
for (let i = 0; i < 20; i++) x.matmul(x).at(0, 0).item();
await new Promise((resolve) => setTimeout(resolve, 500));`;
    Deno.writeTextFileSync(`${folder}/script.ts`, script);
    return await deno(["run", "--no-check", "--no-lock", "--no-prompt", "script.ts"], { cwd: folder });
  } catch (error) {
    return { ok: false, signal: null, output: String(error) };
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

let failed = 0;
for (const [name, run] of Object.entries(checks)) {
  const { ok, output } = await run();
  console.log(`${ok ? "ok    " : "FAILED"} ${name}`);
  if (ok) continue;
  console.log(output);
  failed++;
}
finish(Object.keys(checks).length - failed, failed);
