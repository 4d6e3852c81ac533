import { assertEquals, assertThrows } from "@std/assert";
import { io, nn, TensaurError, type Tensor, zeros } from "../../mod.ts";
import golden from "../golden/state_keys.json" with { type: "json" };

/** A module: its class, arguments and options, which may be modules; see `Of` in tests/golden/state_keys.py. */
interface Description {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
}

interface Entry extends Description {
  /** Shapes and dtypes by name; null where there are none yet. */
  readonly state: Readonly<Record<string, readonly [shape: number[], dtype: string] | null>>;
  /** What PyTorch says of a state that does not fit, strictly and not. */
  readonly report: readonly [strict: string, result: string] | null;
}

/** Classes that are newer than PyTorch 1.13, with the names in their states. */
const newer: Record<string, [module: nn.Module, names: string[]]> = {
  CircularPad1d: [new nn.CircularPad1d(1), []],
  CircularPad2d: [new nn.CircularPad2d(1), []],
  CircularPad3d: [new nn.CircularPad3d(1), []],
  LPPool3d: [new nn.LPPool3d(2, 2), []],
  RMSNorm: [new nn.RMSNorm(3), ["weight"]],
  ZeroPad1d: [new nn.ZeroPad1d(1), []],
  ZeroPad3d: [new nn.ZeroPad3d(1), []],
};
const abstract = ["Module", "RNNBase", "RNNCellBase"];

function made(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(made);
  if (typeof value !== "object" || value === null) return value;
  if ("name" in value) return moduleOf(value as Description);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, made(item)]));
}

function moduleOf({ name, args, options }: Description): nn.Module {
  const make = Reflect.get(nn, name) as new (...args: unknown[]) => nn.Module;
  const camelCase = Object.entries(options).map(([key, value]) => [
    key.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
    made(value),
  ]);
  return new make(...args.map(made), ...camelCase.length === 0 ? [] : [Object.fromEntries(camelCase)]);
}

/** The state of an entry, of zeros, with int32 for int64. */
function stateOf({ state }: Entry): nn.StateDict {
  return Object.fromEntries(
    Object.entries(state).map(([name, entry]) => {
      const [shape, dtype] = entry!;
      return [name, zeros(shape, { dtype: dtype === "int64" ? "int32" : "float32", device: "cpu" })];
    }),
  );
}

const entries = golden as unknown as readonly Entry[];

Deno.test("every module of nn is held against PyTorch", () => {
  const modules = Object.entries(nn).filter(([, value]) =>
    typeof value === "function" && (value as typeof nn.Module).prototype instanceof nn.Module
  ).map(([name]) => name);
  const known = new Set([...entries.map(({ name }) => name), ...Object.keys(newer), ...abstract]);
  assertEquals(modules.filter((name) => !known.has(name)), []);
  for (const [name, [module, names]] of Object.entries(newer)) {
    assertEquals([name, Object.keys(module.stateDict())], [name, names]);
  }
});

Deno.test("states have PyTorch's names, in its order, shapes and dtypes", () => {
  for (const entry of entries) {
    const { name, args, options } = entry, what = JSON.stringify({ name, args, options });
    const state = moduleOf(entry).stateDict();
    assertEquals([what, Object.keys(state)], [what, Object.keys(entry.state)]);
    for (const [key, described] of Object.entries(entry.state)) {
      if (described === null) continue;
      const [shape, dtype] = described;
      assertEquals([what, key, [...state[key]!.shape], state[key]!.dtype], [
        what,
        key,
        shape,
        dtype === "int64" ? "int32" : dtype,
      ]);
    }
  }
});

Deno.test("a state in a file is loaded by every module, and one that does not fit is reported in PyTorch's words", () => {
  for (const entry of entries) {
    if (entry.report === null) continue;
    const module = moduleOf(entry).to("cpu"), whole = stateOf(entry), keys = Object.keys(whole);
    const read = (state: nn.StateDict): nn.StateDict =>
      io.readSafetensors(io.encodeSafetensors(state), { device: "cpu" });
    assertEquals(`${module.loadStateDict(read(whole))}`, "<All keys matched successfully>");
    assertEquals(Object.values(module.stateDict()).every((x) => x.eq(0).all().item()), true);

    const [first, last] = [keys[0]!, keys.at(-1)!], { [first]: _, ...rest } = whole;
    const bad = { ...rest, ...keys.length > 1 ? { [last]: zeros([7, 7]) } : {}, "extra.entry": zeros([1]) };
    const error = assertThrows(() => module.loadStateDict(ordered(read(bad), Object.keys(bad))), TensaurError);
    const [strict, result] = entry.report;
    assertEquals(error.message, strict);
    const loose = read({ ...rest, "extra.entry": zeros([1]) });
    assertEquals(`${module.loadStateDict(loose, { strict: false })}`, result);
  }
});

/** A state in the order of `names`: a file has its own. */
function ordered(state: nn.StateDict, names: readonly string[]): Record<string, Tensor> {
  return Object.fromEntries(names.map((name) => [name, state[name]!]));
}
