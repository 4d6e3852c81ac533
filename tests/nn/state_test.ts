import { assert, assertEquals, assertThrows } from "@std/assert";
import * as torch from "../../mod.ts";
import { nn, type Tensor } from "../../mod.ts";

Deno.test("a Buffer that is a field belongs to the module", () => {
  class Counted extends nn.Module {
    weight = new nn.Parameter(torch.ones([2]));
    total: Tensor = new nn.Buffer(torch.zeros([1]));
    latest = new nn.Buffer(torch.zeros([1]), { persistent: false });
  }
  const module = new Counted();
  assertEquals(module.namedBuffers().map(([name]) => name), ["total", "latest"]);
  assertEquals(Object.keys(module.stateDict()), ["weight", "total"]);
  module.total = torch.ones([1]);
  assertEquals(module.stateDict().total!.tolist(), [1]);
  assert(module.getBuffer("latest") === module.latest);
  assertThrows(() => module.getBuffer("weight"), torch.IndexError, "weight");
  const copy = nn.deepcopy(module);
  assert(copy.latest instanceof nn.Buffer && copy.latest !== module.latest && !copy.latest.persistent);
  assertEquals(copy.double().latest.dtype, "float64");
});

Deno.test("hooks see and change a state dict when it is made and loaded", () => {
  const net = new nn.Sequential(new nn.Linear(2, 1), new nn.Linear(1, 1)), inner = net[0] as nn.Linear;
  const seen: string[] = [];
  const handles = [
    inner.registerStateDictPreHook((module, prefix, keepVars) => {
      assert(module === inner);
      seen.push(`before ${prefix} ${keepVars}`);
    }),
    inner.registerStateDictPostHook((_module, state, prefix) => {
      state[`${prefix}kernel`] = state[`${prefix}weight`]!;
      delete state[`${prefix}weight`];
    }),
  ];
  const state = net.stateDict();
  assertEquals(Object.keys(state), ["0.bias", "0.kernel", "1.weight", "1.bias"]);
  assertThrows(() => net.loadStateDict(state), torch.TensaurError, 'Unexpected key(s) in state_dict: "0.kernel"');
  handles.push(
    inner.registerLoadStateDictPreHook((_module, state, prefix, report) => {
      assertEquals([prefix, report.strict, Object.keys(state)], ["0.", true, ["0.bias", "0.kernel"]]);
      state[`${prefix}weight`] = state[`${prefix}kernel`]!;
      delete state[`${prefix}kernel`];
    }),
    net.registerLoadStateDictPostHook((_module, result) => void seen.push(`after ${result}`)),
  );
  const other = { ...state, "0.kernel": torch.full([1, 2], 7) };
  assertEquals(`${net.loadStateDict(other)}`, "<All keys matched successfully>");
  assertEquals(inner.weight.tolist(), [[7, 7]]);
  assert("0.kernel" in other);
  assertEquals(seen, ["before 0. false", "after <All keys matched successfully>"]);
  for (const handle of handles) handle.remove();
  assertEquals(Object.keys(net.stateDict())[0], "0.weight");
});

Deno.test("a hook after loading clears what is missing, and one before reports errors", () => {
  const layer = new nn.Linear(1, 1), { weight } = layer.stateDict();
  assertThrows(
    () => layer.loadStateDict({ weight: weight! }),
    torch.TensaurError,
    'Missing key(s) in state_dict: "bias"',
  );
  layer.registerLoadStateDictPostHook((_module, { missingKeys }) => void missingKeys.splice(0));
  layer.loadStateDict({ weight: torch.ones([1, 1]) });
  assertEquals(layer.weight.tolist(), [[1]]);
  layer.registerLoadStateDictPreHook((_module, _state, _prefix, { errorMsgs }) => void errorMsgs.push("too old"));
  assertThrows(() => layer.loadStateDict({ weight: torch.zeros([1, 1]) }), torch.TensaurError, "too old");
  assertEquals(layer.weight.tolist(), [[1]]);
});

Deno.test("extra state is saved and loaded", () => {
  class Versioned extends nn.Module {
    version = 1;
    override getExtraState(): unknown {
      return { version: this.version };
    }
    override setExtraState(state: { version: number }): void {
      this.version = state.version;
    }
  }
  const from = new nn.Sequential<never[]>(), to = new nn.Sequential<never[]>();
  const [a, b] = [new Versioned(), new Versioned()];
  a.version = 3;
  from.registerModule("part", a);
  to.registerModule("part", b);
  const state = from.stateDict();
  assertEquals(state as unknown, { "part._extra_state": { version: 3 } });
  to.loadStateDict(state);
  assertEquals(b.version, 3);
  assertThrows(() => to.loadStateDict({}), torch.TensaurError, "part._extra_state");
  const plain = new nn.Linear(1, 1, { bias: false });
  assertEquals(
    plain.loadStateDict({ ...plain.stateDict(), _extra_state: torch.ones([1]) }, { strict: false }).unexpectedKeys,
    ["_extra_state"],
  );
  assertThrows(() => plain.getExtraState(), torch.TensaurError, "Linear");
});

Deno.test("assign puts the tensors of the state in place of the module's", () => {
  const layer = new nn.Linear(2, 1), { weight } = layer;
  layer.bias!.requiresGrad = false;
  const state = { weight: torch.ones([1, 2], { dtype: "float64", device: "cpu" }), bias: torch.zeros([1]) };
  layer.loadStateDict(state, { assign: true });
  assert(layer.weight !== weight && layer.weight instanceof nn.Parameter && layer.weight.requiresGrad);
  assertEquals([layer.weight.dtype, layer.bias!.requiresGrad], ["float64", false]);
});

Deno.test("names that two modules report come in PyTorch's order; a list of one is a number", () => {
  const net = new nn.Sequential(new nn.BatchNorm1d(1), new nn.Linear(1, 1));
  const { missingKeys, unexpectedKeys } = net.loadStateDict(
    { "0.a": torch.ones([1]), "2.b": torch.ones([1]), c: torch.ones([1]) },
    { strict: false },
  );
  // Of what PyTorch 0.4 saved, the count of batches is missing without a word.
  assertEquals(missingKeys, ["0.weight", "0.bias", "0.running_mean", "0.running_var", "1.weight", "1.bias"]);
  assertEquals(unexpectedKeys, ["2.b", "c", "0.a"]);
  class One extends nn.Module {
    one = new nn.Parameter(torch.zeros([]));
  }
  const module = new One();
  module.loadStateDict({ one: torch.full([1], 2) });
  assertEquals(module.one.item(), 2);
});

Deno.test("lists of modules and tensors take prefixes, and show what occurs twice", () => {
  class Tied extends nn.Module {
    a = new nn.Linear(1, 1, { bias: false });
    b = this.a;
  }
  const net = new Tied();
  assertEquals(net.namedModules({ prefix: "net" }).map(([name]) => name), ["net", "net.a"]);
  assertEquals(net.namedModules({ removeDuplicate: false }).map(([name]) => name), ["", "a", "b"]);
  assertEquals(net.namedParameters({ removeDuplicate: false }).map(([name]) => name), ["a.weight", "b.weight"]);
  assertEquals(net.namedParameters({ prefix: "net" }).map(([name]) => name), ["net.a.weight"]);
});

Deno.test("hooks of all modules come before a module's own", () => {
  const layer = new nn.Linear(1, 1), seen: string[] = [], x = torch.ones([1, 1], { requiresGrad: true });
  layer.registerForwardPreHook(() => void seen.push("own before"));
  layer.registerForwardPreHook(() => void seen.push("first"), { prepend: true });
  layer.registerForwardHook(() => void seen.push("own after"));
  layer.registerFullBackwardPreHook((_module, [gradOutput]) => (seen.push("own pre"), gradOutput!.mul(3)));
  layer.registerFullBackwardHook((_module, _in, [gradOutput]) => void seen.push(`own ${gradOutput!.item()}`));
  const handles = [
    nn.registerModuleForwardPreHook(() => void seen.push("all before")),
    nn.registerModuleForwardHook(() => void seen.push("all after")),
    nn.registerModuleFullBackwardPreHook((_module, [gradOutput]) => (seen.push("all pre"), gradOutput!.mul(2))),
    nn.registerModuleFullBackwardHook(() => void seen.push("all backward")),
  ];
  layer(x).sum().backward();
  for (const handle of handles) handle.remove();
  assertEquals(seen, [
    "all before",
    "first",
    "own before",
    "all after",
    "own after",
    "all pre",
    "own pre",
    "all backward",
    "own 6",
  ]);
  layer(x);
  assertEquals(seen.slice(9), ["first", "own before", "own after"]);
  assertEquals(layer.bias!.grad!.tolist(), [6]);
});

Deno.test("a hook is called after an error where it asks for it", () => {
  const layer = new nn.Linear(2, 1), outputs: unknown[] = [];
  const handle = layer.registerForwardHook((_module, _inputs, output) => void outputs.push(output), {
    alwaysCall: true,
  });
  assertThrows(() => layer(torch.ones([1, 3])), torch.ShapeError);
  assertEquals(outputs, [undefined]);
  handle.remove();
  assertThrows(() => layer(torch.ones([1, 3])), torch.ShapeError);
  assertEquals(outputs.length, 1);
});

Deno.test("toEmpty moves a module without its values, and to takes a tensor", () => {
  const layer = new nn.BatchNorm1d(2), { weight } = layer;
  layer.toEmpty({ device: "cpu" });
  assert(layer.weight === weight && weight!.device === "cpu" && weight!.requiresGrad);
  layer.to(torch.ones([1], { dtype: "float64", device: "cpu" }));
  assertEquals([weight!.dtype, layer.runningVar!.dtype, layer.numBatchesTracked!.dtype], [
    "float64",
    "float64",
    "int32",
  ]);
  assertThrows(() => layer.to(torch.ones([1], { dtype: "int32" })), torch.DTypeError, "int32");
  assertThrows(() => layer.cuda(), torch.DeviceError, 'to("webgpu")');
});
