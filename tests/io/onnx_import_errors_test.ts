/**
 * What importing a file refuses, and in which words.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import type { ModelProto } from "../../io/onnx/model.ts";
import { TensorType } from "../../io/onnx/model.ts";
import { decodeModel, encodeModel } from "../../io/onnx/protobuf.ts";
import { TensaurError, type Tensor, tensor } from "../../mod.ts";
import {
  type Case,
  fileOf,
  floats,
  given,
  info,
  ints,
  load,
  modelOf,
  node,
  proto,
  some,
  withGraph,
} from "./onnx_import_models.ts";
import { changed, mutated, random, surprise } from "./onnx_import_mutations.ts";
import { networks } from "./onnx_import_networks.ts";

const add = node("Add", ["x", "x"], ["y"], {}, "adder"), one: Case = { nodes: [add], inputs: { x: floats([1, 2]) } };
const tensorProto = (part: Partial<ReturnType<typeof proto>>) => ({ ...proto("w", floats([1, 2])), ...part });

Deno.test("importOnnx() says what is wrong with a file", () => {
  const held = (part: Partial<ReturnType<typeof proto>>) => (model: ModelProto) =>
    withGraph(model, { initializer: [tensorProto(part)] });
  const wrong: [Case, RegExp, ((model: ModelProto) => ModelProto)?][] = [
    [
      { ...one, nodes: [node("Add", ["x", "v"], ["y"], {}, "adder")] },
      /In Add "adder": its input 1 is "v", which nothing gives/,
    ],
    [{ ...one, nodes: [add, node("Relu", ["x"], ["y"])] }, /the output of Relu "y" "y" is defined twice/],
    [{ ...one, nodes: [node("Relu", ["x"], ["x"])] }, /"x" is defined twice/],
    [
      { ...one, nodes: [node("Add", ["x", "b"], ["a"]), node("Relu", ["a"], ["b"])], outputs: { b: "FLOAT" } },
      /in a circle: Add "a", Relu "b"/,
    ],
    [{ ...one, outputs: { q: "FLOAT" } }, /the output "q" is given by nothing/],
    [{ ...one, opset: 6 }, /version 6 of ai\.onnx, and 7 to 25 are supported/],
    [{ ...one, opset: 99 }, /version 99 of ai\.onnx/],
    [one, /does not say of which version/, (model) => ({ ...model, opsetImport: [] })],
    [
      {
        ...one,
        nodes: [node("Foo", ["x"], ["a"], {}, "first"), node("ms.Bar", ["a"], ["b"]), node("Foo", ["b"], ["y"])],
      },
      /2 operators are not supported:\n {2}Foo of ai\.onnx 17: Foo "first", Foo "y"\n {2}Bar of com\.microsoft 1: Bar "b"/,
    ],
    [{ ...one, nodes: [node("toString", ["x"], ["y"])] }, /toString of ai\.onnx/],
    [one, /initializer "w": it has the shape \[3\], 12 bytes of float, but 8 bytes of data/, held({ dims: [3] })],
    [one, /has the shape \[-2\], which no tensor can have/, held({ dims: [-2] })],
    [one, /which no tensor can have/, held({ dims: [2 ** 40, 2 ** 40] })],
    [one, /bytes of float, but 8 bytes of data/, held({ dims: [2 ** 40] })],
    [one, /elements of string/, held({ dataType: TensorType.STRING })],
    [one, /elements of complex64/, held({ dataType: TensorType.COMPLEX64 })],
    [{ ...one, weights: { w: ints([1, 2 ** 40]) } }, /initializer "w": its element 1 is 1099511627776/],
    [one, /"w" is defined twice/, (model) => withGraph(model, { initializer: [tensorProto({}), tensorProto({})] })],
    ...[info("w", "FLOAT", [3]), info("w", "INT64", [2])].map((told): typeof wrong[number] => [
      one,
      /the initializer "w" is float\[2\], and the input w: (float\[3\]|int64\[2\])/,
      (model) => withGraph(model, { initializer: [tensorProto({})], input: [...model.graph.input, told] }),
    ]),
    [one, /the initializer has no name/, held({ name: "" })],
    [
      { ...one, nodes: [node("Constant", [], ["c"], { value_string: "x" }), add] },
      /In Constant "c": its value is the attribute value_string/,
    ],
    [{
      ...one,
      nodes: [node("If", ["x"], ["y"], { then_branch: modelOf({ nodes: [node("Relu", ["lost"], ["y"])] }).graph })],
    }, /In Relu "y": its input 0 is "lost"/],
  ];
  for (const [item, message, change] of wrong) {
    const error = assertThrows(() => load(item, change), TensaurError);
    assert(message.test(error.message), error.message);
    assert(/^Cannot import \d+ bytes: /.test(error.message), error.message);
  }
});

Deno.test("an imported model says what is wrong with a call", () => {
  const model = load({
    ...one,
    nodes: [node("MatMul", ["x", "w"], ["m"], {}, "product"), node("Add", ["m", "k"], ["y"])],
    inputs: { x: some([2, 3]), k: floats([1]) },
    weights: { w: some([3, 2]) },
  });
  const x = given(some([2, 3])), k = tensor([1], { dtype: "float32", device: "cpu" });
  const wrong: [unknown[], RegExp][] = [
    [[x], /it is not given k: float\[1\]/],
    [[], /it is not given x: float\[2, 3\], k: float\[1\]/],
    [[x, k, k], /takes 2 inputs .* and is given 3/],
    [[{ x, k, q: k }], /it has no input "q": its inputs are x/],
    [[x, k.to("int32")], /its input k: float\[1\] is given int32: convert it with to\("float32"\)/],
    [[x.mT, k], /its input x: float\[2, 3\] is given a tensor of shape \[3, 2\]/],
    [[x, 1], /its input k: float\[1\] is given no tensor/],
  ];
  for (const [inputs, message] of wrong) {
    const error = assertThrows(() => model(...inputs as Tensor[]), TensaurError);
    assert(message.test(error.message) && /^Cannot run \d+ bytes: /.test(error.message), error.message);
  }
  const open = load({
    ...one,
    nodes: [node("MatMul", ["x", "w"], ["y"], {}, "product")],
    inputs: { x: some([2, 3]) },
    weights: { w: some([4, 2]) },
  });
  const error = assertThrows(() => open(x), TensaurError);
  assert(/In MatMul "product": .*\[2, 3\] and \[4, 2\]/.test(error.message), error.message);
});

Deno.test("importOnnx() names the same extent of several inputs where they differ", () => {
  const model = load(
    { nodes: [node("Add", ["x", "k"], ["y"])] },
    (model) => withGraph(model, { input: [info("x", "FLOAT", ["N"]), info("k", "FLOAT", ["N"])] }),
  );
  const floats32 = (...data: number[]) => tensor(data, { dtype: "float32", device: "cpu" });
  assertEquals(model(floats32(1, 2), floats32(3, 4)).tolist(), [4, 6]);
  assertThrows(
    () => model(floats32(1, 2), floats32(3)),
    TensaurError,
    "k: float[N] is given a tensor of shape [1] with N = 2",
  );
});

Deno.test("importOnnx() refuses damaged files in its own words", () => {
  const files = [fileOf(networks.mobilenet!()), fileOf(networks.gpt!()), fileOf(one)],
    pick = random(20261128),
    end = performance.now() + 1500;
  for (let round = 0; performance.now() < end; round++) {
    const file = files[pick(files.length)]!;
    const damaged = pick(2) === 0 ? mutated(file, pick) : encodeModel(changed(decodeModel(file), pick));
    assertEquals(surprise(damaged), undefined, `round ${round} of seed 20261128: [${damaged}]`);
  }
});
