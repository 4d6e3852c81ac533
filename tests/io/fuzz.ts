/**
 * Readers held against damaged files: valid ones of each format, changed at random, give a value or a `TensaurError`, soon, and nothing
 * else. The same seed gives the same files.
 *
 * Run by hand: deno run -A tests/io/fuzz.ts [--seconds 60] [--seed 1] [--input 1234] [format...]
 * `--input` reads only the input of that number, which a finding names.
 *
 * @module
 */

import { readParquet } from "../../data/parquet.ts";
import { data, io, TensaurError, Tensor, tensor, zeros } from "../../mod.ts";
import arrays from "../golden/arrays.json" with { type: "json" };
import tables from "../golden/tables.json" with { type: "json" };
import { inflateSync } from "node:zlib";
import { mutated, random } from "./mutate.ts";
import { written } from "./written_checkpoint.ts";
import { blocks, type Bytes, gguf, kinds } from "./written_gguf.ts";
import { pickleOf, replacePickle } from "./written_pickle.ts";
import { safetensors } from "./written_safetensors.ts";

/** A reader and valid files for it. */
interface Format {
  readonly files: readonly Uint8Array[];
  /** What is read, where that is not the changed file itself. */
  readonly wrap?: (changed: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;
  readonly read: (bytes: Uint8Array<ArrayBuffer>) => unknown;
}

const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const array = (name: keyof typeof arrays): Uint8Array => new Uint8Array(inflateSync(fromBase64(arrays[name])));
const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

const device = "cpu";
/** Two elements of each of these types, which have so many bits. */
const types: readonly (readonly [type: string, bits: number])[] = [
  ["F64", 64],
  ["F16", 16],
  ["BF16", 16],
  ["F8_E4M3", 8],
  ["F8_E8M0", 8],
  ["F4", 4],
  ["C64", 64],
  ["I64", 64],
  ["U64", 64],
  ["I16", 16],
  ["I8", 8],
  ["U16", 16],
  ["BOOL", 8],
];
const entries: [string, object][] = [];
let end = 0;
for (const [dtype, bits] of types) {
  entries.push([dtype, { dtype, shape: [2], data_offsets: [end, end += bits / 4] }]);
}
const many = safetensors(Object.fromEntries(entries), new Uint8Array(end));
/** As many bytes of elements, so that the headers fit both. */
const weights = io.encodeSafetensors({
  "a.weight": tensor([[1, 2], [3, 4.5]], { device }),
  "b": tensor([1, 2], { device }),
  "empty": zeros([0, 2], { device }),
  "rest": zeros([end - 24], { dtype: "uint8", device }),
}, { metadata: { format: "pt" } });
const header = (bytes: Uint8Array): Uint8Array =>
  bytes.subarray(8, 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true)));
const checkpoint = io.encodePyTorch(written());
const legacy = Deno.readFileSync(new URL("../golden/legacy.pt", import.meta.url));
const torch = Deno.readFileSync(new URL("../golden/checkpoint.pt", import.meta.url));
const models = [
  gguf(
    Object.entries(blocks).map(([name, [type, elements, size]]) => ({
      name,
      extents: [elements],
      type,
      bytes: new Uint8Array(size).fill(3),
    })),
    [["general.architecture", kinds.text, (bytes: Bytes) => void bytes.text("llama")]],
  ),
  gguf([{ name: "x", extents: [2, 2], type: 0, bytes: new Uint8Array(16) }], [
    ["general.alignment", kinds.u32, (bytes: Bytes) => void bytes.u32(32)],
    ["tokens", kinds.list, (bytes: Bytes) => void bytes.u32(kinds.text).u64(2).text("a").text("b")],
  ], { version: 2 }),
];

/** The formats by name. */
export const formats: Readonly<Record<string, Format>> = {
  safetensors: { files: [weights, many], read: (bytes) => io.readSafetensors(bytes, { device }) },
  "safetensors header": {
    files: [header(weights), header(many)],
    wrap: (changed) => safetensors(new TextDecoder().decode(changed), new Uint8Array(end)),
    read: (bytes) => io.readSafetensors(bytes, { device }),
  },
  "PyTorch archive": { files: [checkpoint, torch], read: (bytes) => io.readPyTorch(bytes, { device }) },
  "PyTorch pickle": {
    files: [pickleOf(checkpoint)],
    wrap: (changed) => replacePickle(checkpoint.slice(), changed.subarray(0, pickleOf(checkpoint).length)),
    read: (bytes) => io.readPyTorch(bytes, { device }),
  },
  "PyTorch before 1.6": { files: [legacy], read: (bytes) => io.readPyTorch(bytes, { device }) },
  npy: { files: [array("<f4"), array("fortran"), array("complex")], read: (bytes) => io.readNpy(bytes, { device }) },
  npz: { files: [array("stored"), array("compressed")], read: (bytes) => io.readNpz(bytes, { device }) },
  gguf: { files: models, read: (bytes) => io.readGguf(bytes, { device }) },
  csv: {
    files: [encode('a,b,"c"\n1,2.5,"x ""y"",\n"\n3,,é\n'), encode("1;2\r\n3;inf\r\n")],
    read: (bytes) => new data.CSVDataset(bytes),
  },
  parquet: {
    files: [tables.plain, tables.snappy, tables.gzip, tables.zstd].map(fromBase64),
    read: (bytes) => readParquet(bytes, { columns: ["int", "some", "double", "truth", "text", "embedding"] }),
  },
};

/** What came of it. */
export interface Outcome {
  /** How many files were read. */
  readonly inputs: number;
  /** How many of them were refused. */
  readonly refused: number;
  /** The longest that one took, in milliseconds, and its number. */
  readonly slowest: readonly [milliseconds: number, input: number];
}

/** Longer is a finding, in milliseconds; a busy machine takes its time. */
const LONGEST = 20_000;

/** Elements of tensors up to this size are read, too. */
const MOST = 10_000;

/** Reads the elements of the tensors in a value. */
function readElements(value: unknown, seen: Set<unknown> = new Set()): void {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  if (value instanceof Tensor) {
    if (value.numel() <= MOST) value.dataSync();
  } else if (value instanceof data.TableDataset) {
    value.columns.forEach((name) => readElements(value.column(name), seen));
  } else if (!ArrayBuffer.isView(value)) {
    const items = value instanceof Map || value instanceof Set ? [...value.values()] : Object.values(value);
    for (const item of items) readElements(item, seen);
  }
}

/** Reads the input of a number. Throws what a reader must not throw. */
async function tryInput({ files, wrap, read }: Format, seed: number, number: number): Promise<boolean> {
  const next = random(Math.imul(seed, 0x9e3779b1) ^ number);
  const changed = mutated(files[next(files.length)]!, files[next(files.length)]!, next);
  try {
    readElements(await read(wrap?.(changed) ?? changed));
    return true;
  } catch (error) {
    if (error instanceof TensaurError) return false;
    throw error;
  }
}

/** Reads the files of a format, then changed ones for a while. Throws where one is not refused as it should be. */
export async function fuzz(name: string, seed: number, milliseconds: number): Promise<Outcome> {
  const format = formats[name]!;
  for (const file of format.files) {
    const bytes = Uint8Array.from(file);
    readElements(await format.read(format.wrap?.(bytes) ?? bytes));
  }
  const begin = performance.now();
  let refused = 0, inputs = 0, slowest: [number, number] = [0, 0];
  for (let now = begin; now - begin < milliseconds; inputs++) {
    try {
      if (!await tryInput(format, seed, inputs)) refused++;
    } catch (cause) {
      throw new Error(`${name}, seed ${seed}, input ${inputs}: ${cause}`, { cause });
    }
    const after = performance.now();
    if (after - now > LONGEST) throw new Error(`${name}, seed ${seed}, input ${inputs} took ${after - now} ms`);
    if (after - now > slowest[0]) slowest = [after - now, inputs];
    now = after;
  }
  return { inputs, refused, slowest };
}

if (import.meta.main) {
  const args = [...Deno.args], names: string[] = [], options = { seconds: 60, seed: 1, input: -1 };
  for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
    if (arg.startsWith("--")) options[arg.slice(2) as keyof typeof options] = Number(args.shift());
    else names.push(arg);
  }
  for (const name of names.length > 0 ? names : Object.keys(formats)) {
    if (options.input >= 0) {
      console.log(name, await tryInput(formats[name]!, options.seed, options.input) ? "was read" : "was refused");
      continue;
    }
    const { inputs, refused, slowest } = await fuzz(name, options.seed, 1000 * options.seconds);
    const memory = Math.round(Deno.memoryUsage().rss / 2 ** 20);
    console.log(
      `${name}: seed ${options.seed}, ${inputs} inputs, ${refused} refused, ${memory} MiB, slowest ${
        slowest[0].toFixed()
      } ms (${slowest[1]})`,
    );
  }
}
