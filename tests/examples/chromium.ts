/**
 * A headless Chromium, driven over Chrome's DevTools protocol.
 *
 * @module
 */

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: {
    readonly type?: string;
    readonly args?: readonly { readonly value?: unknown; readonly description?: string }[];
    readonly exceptionDetails?: { readonly exception?: { readonly description?: string } };
    readonly entry?: { readonly level: string; readonly text: string };
  };
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** A page, and what went wrong on it. */
export interface Page {
  /** Errors that were thrown, logged, or shown by the browser. */
  readonly problems: readonly string[];
  /** What an expression evaluates to, awaited if it is a promise. */
  evaluate(expression: string): Promise<unknown>;
  /** A picture of it, as PNG. */
  screenshot(): Promise<Uint8Array>;
}

/** The browser. */
export class Chromium implements AsyncDisposable {
  readonly #profile: string;
  readonly #child: Deno.ChildProcess;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<Message>>();
  readonly #problems: string[] = [];

  private constructor(profile: string, child: Deno.ChildProcess, socket: WebSocket) {
    this.#profile = profile;
    this.#child = child;
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => this.#receive(JSON.parse(data)));
  }

  /** Starts it, with a software adapter for WebGPU. */
  static async start(): Promise<Chromium> {
    const profile = await Deno.makeTempDir();
    const child = new Deno.Command("chromium", {
      args: [
        ..."--headless --no-sandbox --no-first-run --disable-quic --disable-sync --disable-component-update".split(" "),
        ..."--disable-background-networking --enable-unsafe-webgpu --use-webgpu-adapter=swiftshader".split(" "),
        ..."--enable-features=Vulkan --remote-debugging-port=0".split(" "),
        `--user-data-dir=${profile}`,
      ],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const socket = new WebSocket(await debuggerOf(child));
    await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
    return new Chromium(profile, child, socket);
  }

  #receive({ id, method, params = {}, ...answer }: Message): void {
    if (id !== undefined) return this.#waiting.get(id)!.resolve(answer);
    const { type, args = [], exceptionDetails, entry } = params;
    if (method === "Runtime.exceptionThrown") this.#problems.push(exceptionDetails?.exception?.description ?? "error");
    if (method === "Log.entryAdded" && entry?.level === "error") this.#problems.push(entry.text);
    if (method === "Runtime.consoleAPICalled" && type === "error") {
      this.#problems.push(args.map(({ value, description }) => `${value ?? description}`).join(" "));
    }
  }

  async #send(method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> {
    const id = this.#waiting.size, answer = Promise.withResolvers<Message>();
    this.#waiting.set(id, answer);
    this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    const { result, error } = await answer.promise;
    if (result === undefined) throw new Error(`${method}: ${error?.message}`);
    return result;
  }

  /** The number of workers of all pages. */
  async workers(): Promise<number> {
    const { targetInfos } = await this.#send("Target.getTargets");
    return (targetInfos as { type: string }[]).filter(({ type }) => type === "worker").length;
  }

  /** Opens a page. */
  async open(url: string): Promise<Page> {
    const { targetId } = await this.#send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.#send("Target.attachToTarget", { targetId, flatten: true });
    const send = (method: string, params: object = {}) => this.#send(method, params, sessionId as string);
    for (const domain of ["Runtime", "Log", "Page"]) await send(`${domain}.enable`);
    await send("Page.navigate", { url });
    return {
      problems: this.#problems,
      evaluate: async (expression) => {
        const options = { awaitPromise: true, returnByValue: true };
        const { result, exceptionDetails } = await send("Runtime.evaluate", { expression, ...options });
        if (exceptionDetails !== undefined) throw new Error(JSON.stringify(result));
        return (result as { value: unknown }).value;
      },
      screenshot: async () => {
        const { data } = await send("Page.captureScreenshot", { captureBeyondViewport: true });
        return Uint8Array.fromBase64(data as string);
      },
    };
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    this.#child.kill();
    await this.#child.status;
    await Deno.remove(this.#profile, { recursive: true }).catch(() => {});
  }
}

/** The address of a browser's debugger, which it writes when it has started. */
async function debuggerOf(child: Deno.ChildProcess): Promise<string> {
  const errors = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let part = await errors.read(); !part.done; part = await errors.read()) {
    text += part.value;
    const address = /ws:\/\/\S+/.exec(text)?.[0];
    if (address === undefined) continue;
    drain(errors);
    return address;
  }
  throw new Error(`Chromium did not start:\n${text}`);
}

/** Reads what comes, for the browser would stop at a full pipe. */
async function drain(reader: ReadableStreamDefaultReader<string>): Promise<void> {
  while (!(await reader.read()).done);
}
