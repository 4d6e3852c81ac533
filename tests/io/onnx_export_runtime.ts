/**
 * Running exported models in ONNX Runtime, and holding what it computes against what the model itself does.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
// deno-lint-ignore no-import-prefix -- what no other part needs is not among the imports
import ort from "npm:onnxruntime-web@^1.30/wasm";
import { nn, noGrad, Tensor } from "../../mod.ts";
import type { DynamicAxes, Exportable, ExportOptions } from "../../io/onnx/mod.ts";
import { exportOnnx, importOnnx } from "../../io/onnx/mod.ts";
import type { ModelProto } from "../../io/onnx/model.ts";
import { decodeModel } from "../../io/onnx/protobuf.ts";

ort.env.wasm.numThreads = 1;
ort.env.logLevel = "error";

/** The tensors in a result, in order. */
export function tensorsOf(value: unknown): Tensor[] {
  if (value instanceof Tensor) return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(tensorsOf) : [];
}

function fed(x: Tensor): ort.Tensor {
  const values = elements(x), shape = [...x.shape];
  switch (x.dtype) {
    case "int32":
      return new ort.Tensor("int32", Int32Array.from(values), shape);
    case "bool":
      return new ort.Tensor("bool", Uint8Array.from(values), shape);
    case "float64":
      return new ort.Tensor("float64", Float64Array.from(values), shape);
    default:
      return new ort.Tensor("float32", Float32Array.from(values), shape);
  }
}

/** A tensor that came out. */
interface Result {
  readonly shape: readonly number[];
  readonly data: readonly number[];
  readonly type: string;
}

/** The elements, whatever the shape and dtype. */
function elements(x: Tensor): number[] {
  return (x.reshape([-1]).tolist() as (number | boolean)[]).map(Number);
}

/** What we make of a file: the same by `importOnnx`. */
function runImported(bytes: Uint8Array, inputs: readonly Tensor[]): Result[] {
  const model = importOnnx(bytes, { device: inputs[0]!.device }) as unknown as (
    ...inputs: readonly Tensor[]
  ) => unknown;
  return tensorsOf(noGrad(() => model(...inputs))).map((x) => ({
    shape: [...x.shape],
    data: elements(x),
    type: x.dtype,
  }));
}

/** What a runtime makes of a file, by the names of its outputs. */
export async function run(bytes: Uint8Array, inputs: readonly Tensor[]): Promise<Result[]> {
  const session = await ort.InferenceSession.create(bytes);
  try {
    const feeds = Object.fromEntries(session.inputNames.map((name, i) => [name, fed(inputs[i]!)]));
    const results = await session.run(feeds);
    return session.outputNames.map((name) => {
      const { dims, data, type } = results[name]!;
      return { shape: [...dims], data: Array.from(data as ArrayLike<number>, Number), type };
    });
  } finally {
    await session.release();
  }
}

/** Asserts that results are those of the model, to float32's accuracy. */
export function assertSame(
  actual: readonly Result[],
  expected: readonly Tensor[],
  tolerance = 1e-4,
): void {
  assertEquals(actual.length, expected.length, "number of outputs");
  expected.forEach((tensor, k) => {
    const { shape, data, type } = actual[k]!;
    assertEquals(shape, [...tensor.shape], `shape of output ${k}`);
    assertEquals(type, tensor.dtype, `type of output ${k}`);
    elements(tensor).forEach((value, i) => {
      const difference = Math.abs(data[i]! - value);
      assert(
        Object.is(data[i], value) || data[i] === value || difference <= tolerance * (1 + Math.abs(value)),
        `output ${k}, element ${i}: ${data[i]} instead of ${value}`,
      );
    });
  });
}

/** A model and its inputs for a batch. */
export interface Case {
  readonly model: Exportable;
  /** The arguments for a batch of this size. */
  readonly inputs: (batch: number) => readonly unknown[];
  /** Operators that the file has to contain; those that begin with "!" it must not. */
  readonly operators?: string;
  /** Which dimension of each input is the batch, and null where there is none; the first of every input by default. */
  readonly batch?: number | null | readonly (number | null)[];
  readonly options?: ExportOptions;
  readonly tolerance?: number;
}

/** Exports a model with a batch of two, runs it with a batch of three, in a runtime and imported again, and compares. */
export async function checkExport(
  { model, inputs, operators, batch = 0, options, tolerance }: Case,
): Promise<ModelProto> {
  const example = inputs(2), count = tensorsOf(example).length;
  const names = Array.from({ length: count }, (_, i) => `x${i}`);
  const dimensions = typeof batch === "number" || batch === null ? names.map(() => batch) : batch;
  const dynamicAxes: DynamicAxes = Object.fromEntries(
    names.flatMap((name, i) => dimensions[i] == null ? [] : [[name, { [dimensions[i]!]: "batch" }]]),
  );
  const bytes = exportOnnx(model, example, { inputNames: names, dynamicAxes, ...options });
  const file = decodeModel(bytes), found = new Set(file.graph.node.map(({ opType }) => opType));
  for (const wanted of operators?.split(" ") ?? []) {
    const absent = wanted.startsWith("!"), name = wanted.replace("!", "");
    assert(found.has(name) !== absent, `${name} is ${absent ? "" : "not "}among ${[...found].join(", ")}`);
  }
  const fresh = inputs(dimensions.every((dimension) => dimension === null) ? 2 : 3);
  const call = model as (...inputs: unknown[]) => unknown;
  if (model instanceof nn.Module && options?.training === undefined) model.eval();
  const expected = tensorsOf(noGrad(() => call(...fresh)));
  assertSame(await run(bytes, tensorsOf(fresh)), expected, tolerance);
  assertSame(runImported(bytes, tensorsOf(fresh)), expected, tolerance);
  return file;
}

/** Registers a test for each case. */
export function testExports(family: string, cases: Readonly<Record<string, Case | (() => Case)>>): void {
  for (const [name, given] of Object.entries(cases)) {
    Deno.test(`exportOnnx() of ${family}: ${name}`, async () => {
      await checkExport(typeof given === "function" ? given() : given);
    });
  }
}
