/**
 * Reading a request, and refusing it in words that help whoever sent it.
 *
 * @module
 */

/** Why a request is not answered as it wants. */
export class Refusal extends Error {
  /** A refusal with an HTTP status, a code for programs and a message for people. */
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** What else the answer says, such as the field that is wrong and the shape that is expected. */
    readonly details: Readonly<Record<string, unknown>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }

  /** The answer. */
  response(): Response {
    const error = { code: this.code, message: this.message, ...this.details };
    return Response.json({ error }, { status: this.status, headers: this.headers });
  }
}

/** The body of a request, of at most `limit` bytes; `signal` says when to stop waiting for it. */
async function bodyOf(request: Request, limit: number, signal: AbortSignal): Promise<string> {
  const tooLarge = () => new Refusal(413, "too_large", `The body has more than ${limit} bytes`, { limit });
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge();
  const parts: Uint8Array<ArrayBuffer>[] = [], reader = request.body?.getReader();
  const aborted = new Promise<never>((_, reject) => {
    const late = () => reject(new Refusal(408, "body_timeout", "The body did not arrive in time"));
    if (signal.aborted) late();
    else signal.addEventListener("abort", late, { once: true });
  });
  aborted.catch(() => {});
  let length = 0;
  try {
    while (reader !== undefined) {
      const { done, value } = await Promise.race([reader.read(), aborted]);
      if (done) break;
      length += value.length;
      if (length > limit) throw tooLarge();
      parts.push(value);
    }
    return new TextDecoder("utf-8", { fatal: true }).decode(await new Blob(parts).arrayBuffer());
  } catch (error) {
    reader?.cancel().catch(() => {});
    if (error instanceof Refusal) throw error;
    throw new Refusal(400, "invalid_encoding", "The body is not UTF-8, or broke off");
  }
}

/** The numbers of `{ "input": [...] }`, of which there are `size`. */
export async function inputOf(
  request: Request,
  size: number,
  limit: number,
  signal: AbortSignal,
): Promise<Float32Array> {
  const type = request.headers.get("content-type") ?? "a body without a content-type";
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new Refusal(415, "unsupported_type", `Send application/json, not ${type}`);
  }
  const expected = { field: "input", expected: { shape: [size], type: "finite float32 numbers" } };
  let body: unknown;
  try {
    body = JSON.parse(await bodyOf(request, limit, signal));
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(400, "invalid_json", `The body is not JSON: ${(error as Error).message}`);
  }
  if (typeof body !== "object" || body === null || Array.isArray(body) || !("input" in body)) {
    throw new Refusal(422, "missing_field", 'The body is to be an object with the field "input"', expected);
  }
  const { input } = body;
  if (!Array.isArray(input)) throw new Refusal(422, "invalid_type", '"input" is not a list of numbers', expected);
  if (input.length !== size) {
    throw new Refusal(
      422,
      "invalid_shape",
      `"input" has ${input.length} numbers, and the model takes ${size}`,
      expected,
    );
  }
  const wrong = input.findIndex((value) => typeof value !== "number" || !Number.isFinite(Math.fround(value)));
  if (wrong >= 0) {
    const message = `"input[${wrong}]" is ${JSON.stringify(input[wrong])}, and not a finite float32 number`;
    throw new Refusal(422, "invalid_value", message, { ...expected, field: `input[${wrong}]` });
  }
  return Float32Array.from(input as number[]);
}
