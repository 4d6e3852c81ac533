/**
 * What of a bundled package runs in a short script: `deno run -A first_run.ts FOLDER` prints, for each file, where the functions begin
 * that ran.
 *
 * @module
 */

import { type Profiler, Session } from "node:inspector";
import { pathToFileURL } from "node:url";

type Package = typeof import("../../mod.ts");

/** Where functions begin, by the address of their file. */
export type FirstRun = Record<string, number[]>;

/** A script as a newcomer's first ones are: the loss of some scores, then a few steps of training. */
function script({ functional: F, manualSeed, nn, optim, randn, setDefaultDevice, tensor }: Package): string {
  setDefaultDevice("cpu");
  manualSeed(0);
  const x = tensor(Float32Array.of(.1, -.2, .3, .5, .1, .2), { shape: [2, 3] });
  const lines = [`${F.crossEntropy(x, tensor([1, 0])).item()}`];
  const model = new nn.Sequential(new nn.Linear(3, 4), new nn.ReLU(), new nn.Linear(4, 2));
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.1 });
  const inputs = randn([4, 3]), target = tensor([1, 0, 0, 1]);
  for (let step = 0; step < 3; step++) {
    optimizer.zeroGrad();
    const loss = F.crossEntropy(model(inputs), target);
    loss.backward();
    optimizer.step();
    lines.push(`${loss.item()}`);
  }
  return [...lines, `${model}`, `${inputs}`].join("\n");
}

async function main(folder: string): Promise<void> {
  const session = new Session();
  session.connect();
  const post = (method: string, params?: object): Promise<object> =>
    new Promise((resolve, reject) =>
      session.post(method, params, (error, result) => error === null ? resolve(result ?? {}) : reject(error))
    );
  await post("Profiler.enable");
  await post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  const start = pathToFileURL(folder).href;
  script(await import(`${start}/mod.js`) as Package);
  const { result } = await post("Profiler.takePreciseCoverage") as Profiler.TakePreciseCoverageReturnType;
  const ran: FirstRun = {};
  for (const { url, functions } of result) {
    if (!url.startsWith(`${start}/`)) continue;
    ran[url] = functions.map(({ ranges }) => ranges[0]!).filter(({ count }) => count > 0).map(({ startOffset }) =>
      startOffset
    );
  }
  console.log(JSON.stringify(ran));
}

await main(Deno.args[0]!);
