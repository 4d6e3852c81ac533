import { assert, assertEquals } from "@std/assert";
import * as torch from "../../mod.ts";
import { type Parameter, type Signature, signatures, type Takes } from "./signatures.ts";

type Callable = (...args: unknown[]) => unknown;

/** What arrives where tensors belong when nobody checks types. */
const mistakes: Readonly<Record<string, unknown>> = {
  "[1, 2]": [1, 2],
  undefined,
  "3": 3,
  '"a"': "a",
  null: null,
  "() => 1": () => 1,
};

/** Functions that take anything, and why. */
const takeAnything: Readonly<Record<string, string>> = {
  isTensor: "says whether its argument is a tensor",
};

/** Parameters that take something else too, by function and name, and why. */
const takeMore: Readonly<Record<string, string>> = {
  "max.other": "is a dimension or options as well",
  "min.other": "is a dimension or options as well",
};

/** Operations that go by the name of the one that they are a case of. */
const caseOf: Readonly<Record<string, string>> = { trueDivide: "div", floorDivide: "div", logsigmoid: "logSigmoid" };

/** What a parameter legitimately takes besides tensors. */
const legitimate: Readonly<Record<Takes, readonly string[]>> = {
  tensor: [],
  "tensor?": ["undefined", "null"],
  tensors: [],
  operand: ["3"],
  other: Object.keys(mistakes),
};

const namespaces: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "functional/mod.ts": torch.functional,
  "functional/linalg/mod.ts": torch.linalg,
  "functional/masked/mod.ts": torch.masked,
  "functional/special/mod.ts": torch.special,
  "tensor/mod.ts": torch,
};

/** An argument that fits, roughly: tensors are checked before what else an operation is given. */
function fitting({ takes }: Parameter): unknown {
  const x = torch.ones([2, 2]);
  return takes === "tensors" ? [x, x] : takes === "other" ? 1 : x;
}

/** All names by which a function is exported, or by which its errors call it. */
function namesOf(f: unknown): string[] {
  const names = Object.values(namespaces).flatMap((space) =>
    Object.entries(space).flatMap(([name, value]) => value === f ? [name, name.replace(/_$/, "")] : [])
  );
  return [...names, ...names.flatMap((name) => caseOf[name] ?? [])];
}

/** What is wrong with the way in which a call with one mistake ends; undefined if nothing is. */
function complaint(call: () => unknown, names: readonly string[]): string | undefined {
  try {
    call();
  } catch (error) {
    if (!(error instanceof torch.TensaurError)) return String(error);
    return names.some((name) => error.message.startsWith(`Cannot call ${name}:`)) ? undefined : error.message;
  }
  return "accepted";
}

/** The complaints about a function whose tensors are replaced by mistakes, each in turn. */
function complaints(
  title: string,
  { name: operation, parameters }: Signature,
  names: readonly string[],
  call: (args: unknown[]) => unknown,
): string[] {
  return parameters.flatMap(({ takes, name }, i) =>
    Object.entries(mistakes).flatMap(([text, mistake]) => {
      if (legitimate[takes].includes(text) || `${operation}.${name}` in takeMore) return [];
      // A list is refused for itself, and for what is in it.
      const given = takes === "tensors" ? [mistake, [torch.ones([2, 2]), mistake]] : [mistake];
      return given.flatMap((mistaken) => {
        const args = parameters.map((parameter, j) => j === i ? mistaken : fitting(parameter));
        const wrong = complaint(() => call(args), names);
        return wrong === undefined ? [] : [`${title}, ${name || i} = ${text}: ${wrong}`];
      });
    })
  );
}

Deno.test("every function refuses what is no tensor by its name", async () => {
  const found = (await signatures(...Object.keys(namespaces))).filter(({ owner, name }) =>
    typeof namespaces[owner]?.[name] === "function" && !(name in takeAnything)
  );
  assert(found.length > 500, `found ${found.length} functions only`);
  // Another name is the same function, checked once.
  const known = new Set(found.map(({ owner, name }) => namespaces[owner]![name]));
  const unknown = Object.entries(namespaces).filter(([owner]) => owner !== "tensor/mod.ts").flatMap(([, space]) =>
    Object.keys(space).filter((name) => /^[a-z]/.test(name) && !(name in takeAnything) && !known.has(space[name]))
  );
  assertEquals(unknown, [], "the types of these are not understood here");
  assertEquals(
    found.flatMap((signature) => {
      const f = namespaces[signature.owner]![signature.name] as Callable;
      const place = signature.owner.split("/").at(-2);
      return complaints(`${place}.${signature.name}`, signature, namesOf(f), (args) => f(...args));
    }),
    [],
  );
});

Deno.test("every method of tensors refuses what is no tensor by its name", async () => {
  const files = [...Deno.readDirSync(new URL("../../tensor/methods", import.meta.url))];
  const found = (await signatures(...files.map(({ name }) => `tensor/methods/${name}`))).filter(({ owner }) =>
    owner.endsWith("Methods")
  );
  const prototype = torch.Tensor.prototype as unknown as Readonly<Record<string, Callable | undefined>>;
  const all = found.flatMap((signature) => [signature, { ...signature, name: `${signature.name}_` }]);
  const checked = all.filter(({ name }) => Object.hasOwn(prototype, name));
  assert(checked.length > 300, `found ${checked.length} methods only`);
  assertEquals(
    checked.flatMap((signature) => {
      const { name } = signature, plain = name.replace(/_$/, "");
      const names = [name, plain, ...namesOf((torch.functional as Readonly<Record<string, unknown>>)[plain])];
      return complaints(
        `x.${name}`,
        signature,
        names,
        (args) => prototype[name]!.call(torch.ones([2, 2]), ...args),
      );
    }),
    [],
  );
});
