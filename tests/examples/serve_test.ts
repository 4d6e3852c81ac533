/**
 * The example that serves a model, under load and at its limits, on the loopback interface.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { io, manualSeed, nn, randn } from "../../mod.ts";
import { root } from "./run.ts";

manualSeed(1);
const folder = Deno.makeTempDirSync(), path = `${folder}/model.safetensors`;
const model = new nn.Sequential(new nn.Linear(2, 32), new nn.ReLU(), new nn.Linear(32, 3)).to("cpu");
io.writeSafetensors(path, model.stateDict());

/** A server that runs until the block ends. */
class Server implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #output: Promise<string>;
  readonly #errors: Promise<string>;
  readonly #listening = Promise.withResolvers<string>();

  constructor(...args: string[]) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-prompt", "--allow-net=127.0.0.1", "--allow-read"],
        // Only what it keeps itself has to be written.
        ...(args.includes("--model") ? [] : ["--allow-write"]),
        "examples/serve.ts",
        ...["--port", "0", "--device", "cpu", ...args],
      ],
      cwd: root,
      env: { XDG_RUNTIME_DIR: Deno.env.get("XDG_RUNTIME_DIR") ?? "/tmp" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#errors = new Response(this.#child.stderr).text();
    this.#output = this.#read();
  }

  async #read(): Promise<string> {
    let text = "";
    for await (const part of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      text += part;
      const url = /Listening on (http:\S+)\n/.exec(text)?.[1];
      if (url !== undefined) this.#listening.resolve(url);
    }
    this.#listening.reject(new Error(`it ended: ${text} ${await this.#errors}`));
    return text;
  }

  /** Where it listens. */
  get url(): Promise<string> {
    return this.#listening.promise;
  }

  /** Asks for a prediction. */
  async post(
    body: BodyInit,
    headers: Record<string, string> = { "content-type": "application/json" },
  ): Promise<Answer> {
    const signal = AbortSignal.timeout(60_000);
    const response = await fetch(`${await this.url}predict`, { method: "POST", body, headers, signal });
    return { status: response.status, headers: response.headers, body: await response.json() };
  }

  /** The numbers of `/metrics`. */
  async metrics(): Promise<Record<string, number>> {
    const text = await (await fetch(`${await this.url}metrics`)).text();
    return Object.fromEntries(
      [...text.matchAll(/^([^#\s]\S*) (\S+)$/gm)].map(([, key, value]) => [key, Number(value)]),
    );
  }

  /** Sends a signal, and waits for the end: exit code, output, errors. */
  async stop(signal: Deno.Signal): Promise<[code: number, output: string, errors: string]> {
    this.#child.kill(signal);
    const { code } = await this.#child.status;
    return [code, await this.#output, await this.#errors];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await Promise.all([this.#child.status, this.#output, this.#errors]);
  }
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    label?: number;
    probabilities?: number[];
    error?: { code: string; message: string; field?: string; expected?: { shape: number[] } };
  };
}

const json = (input: unknown) => JSON.stringify({ input });

/** Bad requests, and what they are answered. */
const bad: readonly (readonly [body: string, status: number, code: string, field?: string])[] = [
  ["{", 400, "invalid_json"],
  ["[1, 2]", 422, "missing_field", "input"],
  ["{}", 422, "missing_field", "input"],
  [json("0.5, 0.5"), 422, "invalid_type", "input"],
  [json([1, 2, 3]), 422, "invalid_shape", "input"],
  [json([[1, 2]]), 422, "invalid_shape", "input"],
  [json([1, null]), 422, "invalid_value", "input[1]"],
  ['{ "input": [1e400, 0] }', 422, "invalid_value", "input[0]"],
  [json([1e39, 0]), 422, "invalid_value", "input[0]"],
  [json(new Array(2000).fill(1.5)), 413, "too_large"],
];

Deno.test("serve.ts answers hundreds of requests at once as the model does, and refuses bad ones among them", async () => {
  await using server = new Server("--model", path, "--max-batch", "16", "--max-wait", "10", "--max-body", "4096");
  const rows = randn([300, 2]), expected = model(rows).softmax(-1).tolist() as number[][];
  const inputs = rows.tolist() as number[][];
  const wave = async (): Promise<number> => {
    const answers = await Promise.all(inputs.flatMap((input, i) => {
      const wrong = bad[i % bad.length]!;
      return [server.post(json(input)), ...(i % 3 === 0 ? [server.post(wrong[0])] : [])];
    }));
    let at = 0;
    inputs.forEach((_, i) => {
      const { status, body } = answers[at++]!;
      assertEquals(status, 200, JSON.stringify(body));
      const largest = Math.max(...expected[i]!.map((p, k) => Math.abs(p - body.probabilities![k]!)));
      assert(largest < 1e-6, `row ${i} differs by ${largest}`);
      assertEquals(body.label, expected[i]!.indexOf(Math.max(...expected[i]!)));
      if (i % 3 !== 0) return;
      const refused = answers[at++]!, [, wrongStatus, code, field] = bad[i % bad.length]!;
      assertEquals([refused.status, refused.body.error!.code, refused.body.error!.field], [wrongStatus, code, field]);
      if (field !== undefined) assertEquals(refused.body.error!.expected!.shape, [2]);
    });
    return (await server.metrics()).process_resident_memory_bytes!;
  };
  await wave();
  const before = await wave(), after = await wave();
  assert(after - before < 32 * 2 ** 20, `memory grew from ${before} to ${after} bytes`);

  const other = [
    await server.post(json([1, 2]), { "content-type": "text/plain" }),
    await server.post(json([1, 2]), { "content-type": "application/json; charset=utf-8" }),
    await server.post(new Uint8Array([0x22, 0xff, 0x22])),
  ];
  assertEquals(other.map(({ status }) => status), [415, 200, 400]);
  const get = await fetch(`${await server.url}predict`);
  assertEquals([get.status, get.headers.get("allow"), (await get.json()).error.code], [
    405,
    "POST",
    "method_not_allowed",
  ]);
  const nowhere = await fetch(`${await server.url}nowhere`);
  assertEquals([nowhere.status, (await nowhere.json()).error.code], [404, "not_found"]);
  const health = await fetch(`${await server.url}healthz`);
  assertEquals([health.status, await health.text()], [200, "ok\n"]);

  const metrics = await server.metrics();
  const sum = (prefix: string) =>
    Object.entries(metrics).filter(([key]) => key.startsWith(prefix)).reduce((total, [, value]) => total + value, 0);
  assertEquals(metrics['requests_total{path="/predict",status="200"}'], 901);
  assertEquals(metrics.batch_size_sum, 901, "each row was in one batch");
  assert(metrics.batch_size_count! <= 901 / 4, `rows were computed together: ${metrics.batch_size_count} batches`);
  assertEquals(metrics['batch_size_bucket{le="16"}'], metrics.batch_size_count, "no batch was larger than allowed");
  assertEquals(sum("errors_total"), 300 + 4);
  assertEquals(sum('requests_total{path="/predict"'), 901 + 300 + 3);
  assertEquals(metrics.request_seconds_count, 901 + 300 + 2, "methods that are not allowed are not timed");
  assertEquals(metrics['request_seconds_bucket{le="+Inf"}'], metrics.request_seconds_count);
  assertEquals(metrics.queue_length, 0);
  assertEquals(await server.stop("SIGTERM"), [0, `Listening on ${await server.url}\nStopped\n`, ""]);
});

Deno.test("serve.ts keeps its limits, and answers what waits before it ends", async () => {
  await using server = new Server("--model", path, "--max-wait", "600000", "--max-queue", "4", "--timeout", "4000");
  const late = await server.post(json([1, 2]));
  assertEquals([late.status, late.body.error!.code, late.headers.get("retry-after")], [504, "timeout", "1"]);

  // A body that does not come to an end.
  const { port } = new URL(await server.url);
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  const head =
    "POST /predict HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
  await connection.write(new TextEncoder().encode(head));
  const buffer = new Uint8Array(1024), length = await connection.read(buffer);
  assertMatch(new TextDecoder().decode(buffer.subarray(0, length ?? 0)), /^HTTP\/1.1 408 /);
  connection.close();

  const answers = Array.from({ length: 7 }, (_, i) => server.post(json([i, -i])));
  const refused = async () => (await server.metrics())['requests_total{path="/predict",status="503"}'];
  for (let i = 0; i < 50 && await refused() !== 3; i++) await new Promise((resolve) => setTimeout(resolve, 50));
  const ended = server.stop("SIGINT");
  const statuses = (await Promise.all(answers)).map(({ status, headers, body }) => {
    if (status === 503) assertEquals([body.error!.code, headers.get("retry-after")], ["overloaded", "1"]);
    return status;
  });
  assertEquals(statuses.toSorted(), [200, 200, 200, 200, 503, 503, 503]);
  const [code, output] = await ended;
  assertEquals([code, output.endsWith("Stopped\n")], [0, true]);
});

Deno.test("serve.ts trains a model where none is given, and says what is wrong with options and files", async () => {
  await using server = new Server();
  const answers = await Promise.all([[0.1, 0.1], [0.5, -0.5]].map((input) => server.post(json(input))));
  for (const { body } of answers) assert(Math.abs(body.probabilities!.reduce((a, b) => a + b) - 1) < 1e-5);
  assertEquals((await server.stop("SIGTERM"))[0], 0);

  const run = (...args: string[]) =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--allow-net=127.0.0.1", `--allow-read`, "examples/serve.ts", ...args],
      cwd: root,
      env: { XDG_RUNTIME_DIR: Deno.env.get("XDG_RUNTIME_DIR") ?? "/tmp" },
    }).output();
  const cases: readonly (readonly [args: string[], code: number, message: RegExp])[] = [
    [["--prot", "1"], 2, /Unknown option --prot/],
    [["--port", "many"], 2, /--port is many, and not a whole number/],
    [["--model", `${folder}/missing.safetensors`], 1, /missing\.safetensors: there is no such file/],
  ];
  for (const [args, code, message] of cases) {
    const result = await run(...args);
    assertEquals(result.code, code);
    assertMatch(new TextDecoder().decode(result.stderr), message);
  }
});
