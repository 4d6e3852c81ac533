/**
 * A model behind HTTP: `Deno.serve`, with requests that arrive together computed together, limits, metrics, and an end that leaves no
 * request unanswered.
 *
 *     deno run --allow-net --allow-read --allow-write examples/serve.ts [--port 8000] [--model model.safetensors]
 *     curl localhost:8000/predict -H "content-type: application/json" -d '{ "input": [0.5, -0.25] }'
 *
 * It needs permission to listen (`--allow-net`) and to read the model (`--allow-read`); only without `--model`, where it trains one and
 * keeps it in a temporary folder, to write as well (`--allow-write`).
 *
 * Options: `--host`, `--port` (0 for any that is free), `--device`, `--model`; `--max-batch` rows, after `--max-wait` milliseconds at
 * most; `--max-queue` rows that wait before others are refused; `--max-body` bytes; `--timeout` milliseconds for a request.
 *
 * @module
 */

import * as torch from "../mod.ts";
import { functional as F, io, nn, optim } from "../mod.ts";
import { Batcher } from "./serve/batcher.ts";
import { Counter, Gauge, Histogram } from "./serve/metrics.ts";
import { inputOf, Refusal } from "./serve/request.ts";

const settings: Record<string, string> = {
  host: "127.0.0.1",
  port: "8000",
  device: torch.defaultDevice(),
  model: "",
  "max-batch": "32",
  "max-wait": "5",
  "max-queue": "1000",
  "max-body": "65536",
  timeout: "10000",
};
for (let i = 0; i < Deno.args.length; i += 2) {
  const name = Deno.args[i]!.replace(/^--/, ""), value = Deno.args[i + 1];
  if (!(name in settings) || value === undefined) {
    console.error(
      `Unknown option ${Deno.args[i]}, or one without a value. There are --${Object.keys(settings).join(", --")}`,
    );
    Deno.exit(2);
  }
  settings[name] = value;
}
const number = (name: string): number => {
  const value = Number(settings[name]);
  if (Number.isInteger(value) && value >= 0) return value;
  console.error(`--${name} is ${settings[name]}, and not a whole number`);
  Deno.exit(2);
};
const port = number("port"), maxBody = number("max-body"), timeout = number("timeout");
const limits = {
  maxBatch: Math.max(1, number("max-batch")),
  maxWait: number("max-wait"),
  maxQueue: number("max-queue"),
};
torch.setDefaultDevice(settings.device as torch.DeviceName);

/** Points of the plane in three classes. */
const FEATURES = 2;
const model = new nn.Sequential(new nn.Linear(FEATURES, 32), new nn.ReLU(), new nn.Linear(32, 3));

/** Three spiral arms: what there is to learn where no model was given. */
function train(): void {
  torch.manualSeed(0);
  const radius = torch.linspace(0.1, 1, 60), angles = [0, 1, 2].map((arm) => radius.mul(3).add(arm * 2 * Math.PI / 3));
  const x = torch.cat(angles.map((angle) => torch.stack([angle.cos().mul(radius), angle.sin().mul(radius)], 1)));
  const y = torch.arange(3).repeatInterleave(60), optimizer = new optim.Adam(model.parameters(), { lr: 0.05 });
  for (let step = 0; step < 100; step++) {
    optimizer.zeroGrad();
    F.crossEntropy(model(x), y).backward();
    optimizer.step();
  }
}

let temporary: string | undefined;
if (settings.model === "") {
  train();
  temporary = Deno.makeTempDirSync();
  settings.model = `${temporary}/model.safetensors`;
  io.writeSafetensors(settings.model, model.stateDict());
}
model.loadStateDict(io.readSafetensors(settings.model!));
model.eval();

/** Class probabilities of each row. */
async function predict(rows: readonly Float32Array[]): Promise<Float32Array[]> {
  const flat = new Float32Array(rows.length * FEATURES);
  rows.forEach((row, i) => flat.set(row, i * FEATURES));
  const x = torch.tensor(flat, { shape: [rows.length, FEATURES] });
  const probabilities = await torch.noGrad(() => model(x).softmax(-1)).data() as Float32Array;
  return rows.map((_, i) => probabilities.slice(3 * i, 3 * i + 3));
}

const requests = new Counter("requests_total", "Answers by path and status.");
const errors = new Counter("errors_total", "Refused requests by code.");
const sizes = new Histogram("batch_size", "Rows of each batch.", [1, 2, 4, 8, 16, 32, 64, 128]);
const latency = new Histogram("request_seconds", "Time from request to answer, of predictions.", [
  ...[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
]);
const batcher = new Batcher({ ...limits, run: predict, ran: (size) => sizes.observe(size) });
const waiting = new Gauge("queue_length", "Rows that wait.", () => batcher.length);
const memory = new Gauge("process_resident_memory_bytes", "Resident memory.", () => Deno.memoryUsage().rss);

let stopping = false;

async function answer(request: Request): Promise<Response> {
  const started = performance.now(), deadline = AbortSignal.timeout(timeout);
  try {
    const row = await inputOf(request, FEATURES, maxBody, deadline);
    const probabilities = [...await batcher.submit(row, deadline)];
    return Response.json({ label: probabilities.indexOf(Math.max(...probabilities)), probabilities });
  } finally {
    latency.observe((performance.now() - started) / 1000);
  }
}

const text = { "content-type": "text/plain; version=0.0.4; charset=utf-8" };
const routes: Record<string, readonly [method: string, (request: Request) => Response | Promise<Response>]> = {
  "/predict": ["POST", answer],
  "/healthz": ["GET", () => new Response(stopping ? "stopping\n" : "ok\n", { status: stopping ? 503 : 200 })],
  "/metrics": ["GET", () => {
    return new Response([requests, errors, sizes, latency, waiting, memory].join(""), { headers: text });
  }],
};

async function handle(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname, known = Object.hasOwn(routes, path);
  let response: Response;
  try {
    if (!known) throw new Refusal(404, "not_found", `There are ${Object.keys(routes).join(", ")}`);
    const [method, respond] = routes[path]!;
    if (request.method !== method) {
      throw new Refusal(405, "method_not_allowed", `${path} takes ${method}`, {}, { allow: method });
    }
    response = await respond(request);
  } catch (error) {
    if (!(error instanceof Refusal)) console.error(error);
    const refusal = error instanceof Refusal ? error : new Refusal(500, "internal", "The model failed");
    errors.add({ code: refusal.code });
    response = refusal.response();
  }
  // Paths that anybody can make up are one label.
  requests.add({ path: known ? path : "other", status: response.status });
  return response;
}

const server = Deno.serve({
  hostname: settings.host!,
  port,
  onListen: ({ hostname, port }) => console.log(`Listening on http://${hostname}:${port}/`),
}, handle);

/** Takes no more requests, answers those that are there, and ends. */
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  const closed = server.shutdown();
  await batcher.drain();
  // A client that holds its connection open, and says nothing, is not waited for.
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, timeout))]);
  if (temporary !== undefined) Deno.removeSync(temporary, { recursive: true });
  console.log("Stopped");
}
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.addSignalListener(signal, () => void stop().finally(() => Deno.exit(0)));
}
