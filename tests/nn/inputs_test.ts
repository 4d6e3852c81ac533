import { assert, assertEquals, assertThrows } from "@std/assert";
import { functional as F, nn, ones, TensaurError, type Tensor, ValueError } from "../../mod.ts";
import { signatures } from "../functional/signatures.ts";

/** What arrives where tensors belong when nobody checks types. */
const mistakes: readonly unknown[] = [[1, 2], undefined, 3, "a", null, () => 1];

/** Modules that take anything, and why. */
const takeAnything: Readonly<Record<string, string>> = {
  Identity: "returns its input",
  Sequential: "gives its input to its first layer, which may take anything",
};

type Forward = (...inputs: unknown[]) => unknown;

/** Why a forward should not have ended as it did; undefined where it refused the input by its name. */
function complaint(name: string, parameter: string, call: () => unknown): string | undefined {
  try {
    call();
  } catch (error) {
    const refused = error instanceof TensaurError &&
      error.message.startsWith(`Cannot call ${name}: ${parameter} must be a tensor`);
    return refused ? undefined : String(error);
  }
  return "accepted";
}

Deno.test("every module refuses what is no tensor by its name and that of the parameter", async () => {
  const classes = nn as unknown as Readonly<Record<string, { readonly prototype: { readonly forward: Forward } }>>;
  const found = (await signatures("nn/mod.ts")).filter(({ name, owner }) =>
    name === "forward" && typeof classes[owner] === "function" && !(owner in takeAnything)
  );
  assert(found.length > 90, `found ${found.length} modules only`);
  const complaints = found.flatMap(({ owner, parameters }) => {
    const { prototype } = classes[owner]!;
    // Without fields: inputs are looked at first.
    const module = Object.create(prototype);
    return parameters.flatMap(({ name, takes }, i) => {
      if (takes !== "tensor" && takes !== "tensor?") return [];
      return mistakes.flatMap((mistake) => {
        if (takes === "tensor?" && mistake == null) return [];
        const inputs = parameters.map((_, j) => j === i ? mistake : ones([2, 2]));
        const wrong = complaint(owner, name, () => prototype.forward.call(module, ...inputs));
        return wrong === undefined ? [] : [`${owner}, ${name} = ${mistake}: ${wrong}`];
      });
    });
  });
  assertEquals(complaints, []);
});

Deno.test("recurrent modules refuse what is neither a tensor nor a packed sequence", () => {
  for (const module of [new nn.RNN(2, 3), new nn.GRU(2, 3), new nn.LSTM(2, 3)]) {
    const name = module.constructor.name;
    assertThrows(() => module.call([1, 2]), ValueError, `Cannot call ${name}: input must be a tensor`);
  }
});

Deno.test("a module of one's own takes what its forward takes", () => {
  class Joined extends nn.Module {
    override forward(words: readonly string[], scale?: number): string {
      return words.join() + (scale ?? "");
    }
  }
  assertEquals(new Joined()(["a", "b"]), "a,b");
  assertEquals(new nn.Sequential(new nn.Identity())([1, 2] as unknown as Tensor) as unknown, [1, 2]);
});

Deno.test("containers refuse what is no module", () => {
  const layer = (value: unknown) => value as nn.Linear;
  assertThrows(() => new nn.Sequential(layer(null)), ValueError, "Cannot put null into Sequential");
  assertThrows(() => new nn.Sequential(layer(undefined)), ValueError, "undefined");
  assertThrows(() => new nn.Sequential(new nn.ReLU(), layer(F.relu)), ValueError, "such as new nn.ReLU()");
  assertThrows(() => new nn.Sequential(layer(nn.ReLU)), ValueError, "new nn.ReLU(");
  assertThrows(() => new nn.Sequential(layer(3)), ValueError, "the number 3");
  assertThrows(() => new nn.Sequential({ first: layer("a") }), ValueError, 'the string "a"');
  assertThrows(() => new nn.ModuleList([layer(1)]), ValueError, "Cannot put the number 1 into ModuleList");
  assertThrows(() => new nn.ModuleDict({ a: layer([1]) }), ValueError, "the array [1]");
  assertEquals(new nn.Sequential().length, 0);
});

Deno.test("clipping refuses a model in place of its parameters", () => {
  const model = new nn.Linear(2, 1);
  assertThrows(() => nn.utils.clipGradNorm_(model as unknown as Tensor, 1), ValueError, "model.parameters()");
  assertThrows(() => nn.utils.clipGradValue_([1] as unknown as Tensor[], 1), ValueError, "parameters[0]");
  assertThrows(() => nn.utils.clipGradNorm_(model.parameters(), "a" as unknown as number), ValueError, "maxNorm");
});
