/**
 * Imported models held against damage: those of the tests, changed at random, are refused or run, on the inputs that they are made for and
 * on others, and give tensors or a `TensaurError`, soon and in little memory. The same seed gives the same models.
 *
 * Run by hand: deno run -A tests/io/onnx_fuzz.ts [--seconds 60] [--seed 1] [--input 1234] [--config deno.offline.json]
 * Models run in a process of their own, with that configuration, which is started again where one does not come back. `--input` runs only
 * the model of that number, which a finding names, and shows it.
 *
 * @module
 */

import { importOnnx } from "../../io/onnx/mod.ts";
import { AttributeType, type ModelProto } from "../../io/onnx/model.ts";
import { decodeModel, encodeModel } from "../../io/onnx/protobuf.ts";
import { type DType, TensaurError, Tensor } from "../../mod.ts";
import { control, movement, selection, shapes } from "./onnx_import_cases_arrangement.ts";
import { detection, norms, resizes, windows } from "./onnx_import_cases_layers.ts";
import { elementwise, multiplied, reduced } from "./onnx_import_cases_math.ts";
import { attentions, recurrents } from "./onnx_import_cases_sequences.ts";
import { type Case, floats, given, modelOf, node } from "./onnx_import_models.ts";
import { mutated, random } from "./onnx_import_mutations.ts";
import { networks } from "./onnx_import_networks.ts";
import { altered, someTensor, unfitting } from "./onnx_run_mutations.ts";

const operators: readonly Case[] = [
  ...[elementwise, reduced, multiplied, movement, selection, shapes, windows, norms, resizes, detection],
  // Loops and layers go wrong in more ways than others.
  ...[control, control, control, recurrents, attentions],
].flatMap((family) => Object.values(family));
const nodes = operators.flatMap((item) => item.nodes);

/** A model and what it is called with. */
interface Base {
  readonly model: ModelProto;
  readonly given: Case["inputs"];
}

const baseOf = (item: Case): Base => ({ model: modelOf(item), given: item.inputs });

/** A model that calls a function of its own twice. */
function calling(): Base {
  const call = (input: string, output: string) => ({ ...node("Twice", [input], [output], { by: 2.5 }), domain: "own" });
  const item = { nodes: [call("x", "h"), call("h", "y")], inputs: { x: floats([1, -2]) } };
  const by = { name: "value_float", type: AttributeType.FLOAT, refAttrName: "by" };
  const body = [
    { ...node("Constant", [], ["c"]), attribute: [by] },
    node("Mul", ["a", "c"], ["t"]),
    node("Add", ["t", "a"], ["b"]),
  ];
  const twice = { name: "Twice", domain: "own", input: ["a"], output: ["b"], attribute: ["by"], node: body };
  const functions = [{ ...twice, opsetImport: [{ domain: "", version: 13 }] }];
  return { model: { ...modelOf(item), functions }, given: item.inputs };
}

const single = operators.map(baseOf), blocks = [...Object.values(networks).map((make) => baseOf(make())), calling()];

/** What came of a model. */
export type Outcome = "ran" | "was refused when it ran" | "was refused when it was imported";

/** A changed model and what it is called with. */
interface Input {
  readonly bytes: Uint8Array;
  readonly inputs: (name: string) => Tensor | undefined;
}

/** The input of a number. */
function inputOf(seed: number, number: number): Input {
  const pick = random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
  // The first numbers of neighbouring states are alike.
  for (let i = 0; i < 8; i++) pick(2);
  const list = pick(8) === 0 ? blocks : single, { model, given: known = {} } = list[pick(list.length)]!;
  const bytes = pick(8) === 0 ? mutated(encodeModel(model), pick) : encodeModel(altered(model, nodes, pick));
  const fit = pick(3);
  const inputs = (name: string): Tensor | undefined => {
    const elements = Object.hasOwn(known, name) ? known[name] : undefined;
    if (fit === 0 && elements !== undefined) return given(elements);
    const { dims = [2, 3], type = "FLOAT" } = elements ?? {};
    const dtype: DType = type === "FLOAT" ? "float32" : type === "BOOL" ? "bool" : type === "UINT8" ? "uint8" : "int32";
    return fit === 1 ? someTensor(dims, dtype, pick) : unfitting(dims, dtype, pick);
  };
  return { bytes, inputs };
}

/** Imports and runs a model and reads what it gives. Throws what it must not throw. */
function tryInput({ bytes, inputs }: Input): Outcome {
  let outcome: Outcome = "was refused when it was imported";
  try {
    const model = importOnnx<Tensor | Tensor[]>(bytes, { device: "cpu" });
    outcome = "was refused when it ran";
    const entries = model.inputNames.map((name) => [name, inputs(name)]);
    const result = model(Object.fromEntries(entries));
    for (const output of Array.isArray(result) ? result : [result]) {
      if (!(output instanceof Tensor)) throw new TypeError(`an output is ${output}`);
      output.dataSync();
    }
    return "ran";
  } catch (error) {
    if (!(error instanceof TensaurError)) throw error;
    if (/undefined|\[object|, ,|\[, /.test(error.message)) throw new Error(`says "${error.message}"`, { cause: error });
    return outcome;
  }
}

/** Runs changed models for a while: how many of them came to which end. Throws at the first that does not as it should. */
export function fuzz(seed: number, milliseconds: number): Record<Outcome, number> {
  const counts = { "ran": 0, "was refused when it ran": 0, "was refused when it was imported": 0 };
  const begin = performance.now();
  for (let number = 0; performance.now() - begin < milliseconds; number++) {
    try {
      counts[tryInput(inputOf(seed, number))]++;
    } catch (cause) {
      throw new Error(`seed ${seed}, input ${number}: ${cause}`, { cause });
    }
  }
  return counts;
}

/** Longer is a finding, in milliseconds. */
const LONGEST = 10_000;
/** More that the process takes after a model is a finding, in bytes. */
const MOST = 2 ** 29;

/** What the process of the models tells about each of them, a line each. */
interface Report {
  readonly number: number;
  readonly outcome?: Outcome;
  /** How long it took, in milliseconds. */
  readonly taken?: number;
  /** What went wrong, and where. */
  readonly finding?: string;
}

/** Runs models from a number on and tells of each before and after. */
function runAll(seed: number, from: number): void {
  const tell = (report: Report) => Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(report)}\n`));
  for (let number = from;; number++) {
    const input = inputOf(seed, number), begin = performance.now(), before = Deno.memoryUsage().rss;
    tell({ number });
    try {
      const outcome = tryInput(input);
      tell({ number, outcome, taken: performance.now() - begin });
    } catch (error) {
      const { message, stack = "" } = error as Error;
      const places = [...stack.matchAll(/\((file:\S+?)\)/g)].map(([, place]) => place!.split("/").slice(-2).join("/"));
      tell({
        number,
        finding: `${(error as Error).name}: ${message.slice(0, 300)} at ${places.slice(0, 3).join(", ")}`,
      });
    }
    const taken = performance.now() - begin, grown = Deno.memoryUsage().rss - before;
    if (taken > LONGEST) tell({ number, finding: `took ${Math.round(taken)} ms` });
    if (grown > MOST) {
      tell({ number, finding: `took ${Math.round(grown / 2 ** 20)} MiB` });
      // Memory is not given back: what the next take must show.
      return;
    }
  }
}

/** Runs models in processes of their own for a while, and prints what was found. */
async function watch(seed: number, milliseconds: number, config: string): Promise<void> {
  const end = performance.now() + milliseconds, counts: Record<string, number> = {};
  const found = new Map<string, number[]>();
  let slowest = [0, 0];
  const note = (number: number, finding: string) => {
    const key = finding.replaceAll(/\d+/g, "#"), numbers = found.get(key) ?? [];
    found.set(key, [...numbers, number]);
    if (numbers.length === 0) console.log(`seed ${seed}, input ${number}: ${finding}`);
  };
  let next = 0;
  while (performance.now() < end) {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--no-check",
        ...(config === "" ? [] : ["--config", config]),
        new URL(import.meta.url).pathname,
        ...["--seed", `${seed}`, "--from", `${next}`],
      ],
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    let current = next - 1, done = true, over = false, why = "";
    const stop = (reason: string) => {
      over = true;
      why = reason;
      child.kill("SIGKILL");
    };
    const errors = new Response(child.stderr).text();
    const timeout = () => setTimeout(() => stop(done ? "" : `was stopped after ${3 * LONGEST} ms`), 3 * LONGEST);
    let timer = timeout(), rest = "";
    for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
      clearTimeout(timer);
      timer = timeout();
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      for (const line of over ? [] : lines) {
        const { number, outcome, taken = 0, finding } = JSON.parse(line) as Report;
        current = number;
        done = outcome !== undefined || finding !== undefined;
        if (outcome !== undefined) counts[outcome] = (counts[outcome] ?? 0) + 1;
        if (taken > slowest[0]!) slowest = [Math.round(taken), number];
        if (finding !== undefined) note(number, finding);
      }
      if (!over && done && performance.now() > end) stop("");
    }
    clearTimeout(timer);
    const { code } = await child.status;
    if (!done || code === 1) note(current, why || `the process ended with ${code}: ${(await errors).slice(0, 300)}`);
    next = current + 1;
  }
  const ends = Object.entries(counts).map(([outcome, count]) => `${count} ${outcome}`).join(", ");
  console.log(
    `seed ${seed}, ${next} inputs: ${ends}; slowest ${slowest[0]} ms (${slowest[1]}); ${found.size} findings`,
  );
  for (const [key, numbers] of found) console.log(`  ${numbers.length} times (${numbers.slice(0, 5)}): ${key}`);
}

function shown({ graph, opsetImport }: ModelProto): void {
  console.dir({ opsetImport, graph }, { depth: 9, strAbbreviateSize: 200 });
}

if (import.meta.main) {
  const options: Record<string, string> = {};
  for (let i = 0; i < Deno.args.length; i += 2) options[Deno.args[i]!.slice(2)] = Deno.args[i + 1]!;
  const { config = "" } = options, number = (name: string, value: number) => Number(options[name] ?? value);
  const seconds = number("seconds", 60),
    seed = number("seed", 1),
    input = number("input", -1),
    from = number("from", -1);
  if (input >= 0) {
    const made = inputOf(seed, input);
    try {
      shown(decodeModel(made.bytes));
    } catch (error) {
      console.log(`${error}`);
    }
    console.log(`seed ${seed}, input ${input}`, tryInput(made));
  } else if (from >= 0) runAll(seed, from);
  else await watch(seed, 1000 * seconds, config);
}
