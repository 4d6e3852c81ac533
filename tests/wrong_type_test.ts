import { assertEquals, assertThrows } from "@std/assert";
import {
  arange,
  data,
  explain,
  full,
  functional as F,
  io,
  manualSeed,
  nn,
  noGrad,
  ones,
  optim,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  zeros,
  zerosLike,
} from "../mod.ts";

/** A value of a type that the compiler would refuse. */
// deno-lint-ignore no-explicit-any
const wrong = (value: unknown): any => value;

function messageOf(call: () => unknown): string {
  return assertThrows(call, ValueError).message;
}

Deno.test("the message says what was given, and what to write instead", () => {
  const said = (value: unknown) => messageOf(() => F.softmax(wrong(value), 0)).replace("Cannot call softmax: x ", "");
  const must = "must be a tensor, but is";
  const numbers = "Make one of numbers, as in tensor([1, 2])";
  assertEquals(said([1, 0]), `${must} the array [1, 0]. Use tensor([1, 0])`);
  assertEquals(said([[1, 2], [3, 4]]), `${must} the array [[1, 2], [3, 4]]. Use tensor([[1, 2], [3, 4]])`);
  assertEquals(said([]), `${must} the array []. ${numbers}`);
  assertEquals(said(["a", null]), `${must} the array ["a", null]. ${numbers}`);
  assertEquals(
    said(Array.from({ length: 1000 }, (_, i) => i)),
    `${must} the array [0, 1, 2, 3, 4, 5, 6, 7, 8, 9,…]. Use tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9,…])`,
  );
  assertEquals(said(new Float32Array(3)), `${must} a Float32Array. Use tensor() of it`);
  assertEquals(said(3), `${must} the number 3. Use tensor(3)`);
  assertEquals(said(3n), `${must} the bigint 3. Use tensor(3)`);
  assertEquals(said(true), `${must} the boolean true. Use tensor(true)`);
  assertEquals(said("3"), `${must} the string "3". Use tensor(3)`);
  assertEquals(said("three"), `${must} the string "three". ${numbers}`);
  assertEquals(said(undefined), `${must} undefined. An argument is missing, or what was passed has no value`);
  assertEquals(
    said(ones([2]).grad),
    `${must} null. Has it been computed yet? A gradient, say, is null until backward()`,
  );
  assertEquals(said(() => 1), `${must} a function. Call it, and pass what it returns`);
  assertEquals(said(zeros), `${must} the function zeros. Call it, and pass what it returns`);
  assertEquals(said(new nn.Linear(1, 1)), `${must} a Linear. Call it, and pass what it returns`);
  assertEquals(said(Promise.resolve(1)), `${must} a Promise. Await it`);
  assertEquals(said({ dim: 1 }), `${must} the object { dim }. ${numbers}`);
  assertEquals(
    said([ones([1]), ones([1])]),
    `${must} a list of 2 tensors. Pass one of its tensors, or join them with cat() or stack()`,
  );
});

Deno.test("the message names operands, elements of lists and what else is taken", () => {
  const x = ones([2]);
  assertEquals(
    messageOf(() => x.add(wrong([1, 2]))),
    "Cannot call add: its second operand must be a tensor or a number, but is the array [1, 2]. Use tensor([1, 2])",
  );
  assertEquals(
    messageOf(() => F.exp(wrong(3))),
    "Cannot call exp: its operand must be a tensor, but is the number 3. Use tensor(3)",
  );
  assertEquals(
    messageOf(() => F.cat(wrong(x), wrong(x))),
    "Cannot call cat: tensors must be a list of tensors, but is a tensor. Put the tensors in brackets, as in [a, b]",
  );
  assertEquals(
    messageOf(() => F.stack([x, wrong(3)])),
    "Cannot call stack: tensors[1] must be a tensor, but is the number 3. Use tensor(3)",
  );
  assertEquals(
    messageOf(() => F.linear(x, ones([1, 2]), wrong([1]))),
    "Cannot call linear: bias must be a tensor, if it is given, but is the array [1]. Use tensor([1])",
  );
  assertEquals(
    messageOf(() => new nn.Linear(3, 2)(wrong([1, 2, 3]))),
    "Cannot call Linear: input must be a tensor, but is the array [1, 2, 3]. Use tensor([1, 2, 3])",
  );
  assertEquals(
    messageOf(() => F.pad(x, wrong(1))),
    "Cannot call pad: pad must be a list of numbers, but is the number 1. Put it in brackets, as in [1] or [1, 2]",
  );
});

Deno.test("numbers in place of lists, of functions and of names are refused", () => {
  assertThrows(() => zeros([2]).setAt(wrong(5), 1), ValueError, "Cannot call setAt: indices must be a list of indices");
  assertThrows(() => zeros([2]).setAt([0], wrong(undefined)), ValueError, "value must be a tensor or a number");
  assertThrows(() => F.reshape(ones([4]), wrong(4)), ValueError, "Cannot call reshape: shape must be a list");
  assertThrows(() => zeros([2]).equal(wrong(3)), ValueError, "Cannot call equal: b must be a tensor");
  assertThrows(() => F.einsum(wrong(ones([2]))), ValueError, 'einsum("ij,jk->ik", a, b)');
  assertThrows(() => noGrad(wrong(3)), ValueError, "Cannot call noGrad: body must be a function");
  assertThrows(() => noGrad(wrong(ones([1]))), ValueError, "Use () => … around it");
  assertThrows(() => manualSeed(wrong("a")), ValueError, 'Cannot seed a generator with the string "a"');
  assertThrows(() => explain(wrong(() => ones([1]))), ValueError, "Call it, and pass what it returns");
  assertThrows(() => io.load(wrong(undefined)), ValueError, "Cannot use undefined as a path");
  assertThrows(() => ones([2]).sum().backward(wrong([1])), ValueError, "Cannot call backward: gradient");
});

Deno.test("tensors are not created of shapes that are none", () => {
  assertThrows(() => ones(wrong("3")), ShapeError, 'Cannot create ones from the string "3": give its sizes as numbers');
  assertThrows(() => zeros(wrong(null)), ShapeError, "null");
  assertThrows(() => zeros(wrong(new Int32Array(2))), ShapeError, "an Int32Array");
  assertThrows(() => zeros(2, wrong("3")), ShapeError, 'the string "3"');
  assertThrows(() => full(wrong(3), 1), ShapeError, "the number 3");
  assertThrows(() => new nn.Linear(wrong("3"), 2), ShapeError, '[2, "3"]');
  assertThrows(() => zerosLike(wrong([1, 2])), ValueError, "Cannot call zerosLike: x must be a tensor");
  assertEquals(zeros([2], undefined).shape.length + zeros(2, { dtype: "int32" }).ndim, 2);
});

Deno.test("optimizers refuse what are no parameters and no numbers", () => {
  const model = new nn.Linear(2, 1);
  const remedy = "pass a list of tensors, such as model.parameters()";
  assertThrows(() => new optim.Adam(wrong([1, 2])), ValueError, `Cannot optimize the number 1: ${remedy}`);
  assertThrows(() => new optim.Adam(wrong(model)), ValueError, `Cannot optimize a Linear: ${remedy}`);
  assertThrows(() => new optim.Adam(wrong(null)), ValueError, `Cannot optimize null: ${remedy}`);
  assertThrows(() => new optim.SGD(wrong([{ params: null }])), ValueError, "Cannot optimize the object { params }");
  assertThrows(() => new optim.SGD(wrong([{ params: [3] }])), ValueError, "Cannot optimize the number 3");
  const lr = wrong("0.1");
  assertThrows(
    () => new optim.SGD(model.parameters(), { lr }),
    ValueError,
    'lr must be a number, but is the string "0.1"',
  );
  assertThrows(() => new optim.AdamW(model.parameters(), { lr }), ValueError, "lr must be a number");
  assertThrows(() => new optim.SGD(model.parameters(), { lr: NaN }), ValueError, "lr NaN");
});

Deno.test("data sets and loaders refuse what has no samples", () => {
  const x: Tensor = arange(3);
  assertThrows(() => new data.DataLoader(wrong(3)), ValueError, "Cannot load data from the number 3");
  assertThrows(() => new data.DataLoader(wrong(undefined)), ValueError, "new data.TensorDataset(x, y)");
  assertThrows(() => new data.DataLoader(wrong({})), ValueError, "an empty object");
  assertThrows(() => new data.TensorDataset(wrong([1, 2])), ValueError, "tensors[0] must be a tensor");
  assertThrows(() => new data.TensorDataset(wrong([x, x])), ValueError, "Pass the tensors one by one");
});

Deno.test("a gradient is required of floating-point tensors only", () => {
  assertThrows(() => tensor([1, 2], { dtype: "int32", requiresGrad: true }), Error, "only floating-point tensors");
  assertThrows(() => arange(3, { requiresGrad: true }), Error, "only floating-point tensors");
  assertThrows(() => new nn.Parameter(tensor([1, 2])), Error, "only floating-point tensors");
  // In JavaScript, [1, 2] may as well be PyTorch's [1., 2.].
  assertEquals(tensor([1, 2], { requiresGrad: true }).dtype, "float32");
});
