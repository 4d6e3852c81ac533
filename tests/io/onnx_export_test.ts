import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  defaultDevice,
  functional as F,
  getRngState,
  nn,
  ones,
  rand,
  randn,
  setDefaultDevice,
  TensaurError,
  type Tensor,
  tensor,
  ValueError,
} from "../../mod.ts";
import { exportOnnx, type ExportOptions } from "../../io/onnx/mod.ts";
import { type ModelProto, TensorType } from "../../io/onnx/model.ts";
import { decodeModel } from "../../io/onnx/protobuf.ts";
import { devices } from "../devices.ts";
import { assertSame, checkExport, run } from "./onnx_export_runtime.ts";

function fileOf(...given: Parameters<typeof exportOnnx>): ModelProto {
  return decodeModel(exportOnnx(...given));
}

const perceptron = () => new nn.Sequential(new nn.Linear(3, 4), new nn.Dropout(), new nn.ReLU(), new nn.Linear(4, 2));

Deno.test("exportOnnx() writes a small network as people expect it", () => {
  const { irVersion, opsetImport, producerName, graph } = fileOf(perceptron(), randn([2, 3]));
  assertEquals([irVersion, producerName, opsetImport], [10, "tensaur", [{ domain: "", version: 21 }]]);
  assertEquals(
    graph.node.map(({ opType, name, input, output }) => [opType, name, ...input, "->", ...output].join(" ")),
    [
      "Gemm /0/Gemm input 0.weight 0.bias -> /0/Gemm_output_0",
      "Relu /2/Relu /0/Gemm_output_0 -> /2/Relu_output_0",
      "Gemm /3/Gemm /2/Relu_output_0 3.weight 3.bias -> output",
    ],
  );
  assertEquals(graph.initializer.map(({ name, dims, dataType }) => [name, ...dims, dataType].join(" ")), [
    "0.weight 4 3 1",
    "0.bias 4 1",
    "3.weight 2 4 1",
    "3.bias 2 1",
  ]);
  assertEquals(graph.input, [{ name: "input", type: { tensorType: { elemType: 1, shape: [2, 3] } } }]);
  assertEquals(graph.output, [{ name: "output", type: { tensorType: { elemType: 1, shape: [2, 2] } } }]);
});

Deno.test("exportOnnx() writes the elements of weights", () => {
  const model = new nn.Linear(2, 2);
  const [weight] = fileOf(model, randn([1, 2])).graph.initializer;
  const values = new Float32Array(weight!.rawData!.slice().buffer);
  assertEquals(tensor(values, { shape: [2, 2] }).tolist(), model.weight.tolist());
});

Deno.test("exportOnnx() writes one initializer for tied weights, and none for what is not used", () => {
  class Tied extends nn.Module {
    embed = new nn.Embedding(5, 3);
    unused = new nn.Linear(9, 9);
    head = new nn.Linear(3, 5, { bias: false });

    constructor() {
      super();
      this.head.weight = this.embed.weight;
    }

    override forward(x: Tensor): Tensor {
      return this.head.call(this.embed.call(x)) as Tensor;
    }
  }
  const { initializer } = fileOf(new Tied(), tensor([[1, 2]])).graph;
  assertEquals(initializer.filter(({ name }) => /weight/.test(name!)).map(({ name }) => name), ["embed.weight"]);
});

Deno.test("exportOnnx() of lazy modules makes their parameters first", () => {
  const model = new nn.Sequential(new nn.LazyLinear(3), new nn.LazyBatchNorm1d());
  const { initializer } = fileOf(model, randn([2, 4])).graph;
  assertEquals(
    initializer.map(({ name, dims }) => `${name} ${dims}`).join(", "),
    "0.weight 3,4, 0.bias 3, 1.weight 3, 1.bias 3, 1.running_mean 3, 1.running_var 3",
  );
  assertEquals((model.at(0) as nn.Linear).weight.shape.join(), "3,4");
});

Deno.test("exportOnnx() leaves the model, its buffers and the generator as they were", () => {
  const model = new nn.Sequential(new nn.BatchNorm1d(3), new nn.Identity()), norm = model.at(0) as nn.BatchNorm1d;
  model.at(1).training = false;
  const x = randn([4, 3]), generator = getRngState(), mean = norm.runningMean!.tolist();
  exportOnnx(model, x);
  exportOnnx(model, x, { training: "training", dynamicAxes: { input: [0] } });
  assertThrows(() => exportOnnx(model, x.reshape([4, 3, 1, 1])), TensaurError);
  assertThrows(() => exportOnnx((x: Tensor) => x.add(rand([3])), x), TensaurError);
  assertEquals(model.modules().map(({ training }) => training), [true, true, false]);
  assertEquals(norm.runningMean!.tolist(), mean);
  assertEquals(norm.numBatchesTracked!.item(), 0);
  assertEquals(getRngState(), generator);
  model.call(x);
  assert(`${norm.runningMean!.tolist()}` !== `${mean}`);
});

Deno.test("exportOnnx() computes nothing, however large the example", () => {
  const bytes = exportOnnx((x: Tensor) => x.matmul(x.mT).softmax(-1).sum(), ones([2 ** 18, 2]));
  assert(bytes.length < 2000);
});

Deno.test("exportOnnx() writes a file, and gives its bytes", () => {
  const path = Deno.makeTempFileSync({ suffix: ".onnx" });
  try {
    const bytes = exportOnnx(perceptron(), randn([2, 3]), path, { inputNames: ["x"] });
    assertEquals(Deno.readFileSync(path), bytes);
    assertEquals(decodeModel(bytes).graph.input[0]!.name, "x");
  } finally {
    Deno.removeSync(path);
  }
});

Deno.test("exportOnnx() takes names of inputs and outputs, and finds some by itself", () => {
  const names = (...given: Parameters<typeof exportOnnx>) => {
    const { graph } = fileOf(...given);
    return [...graph.input, ...graph.output].map(({ name }) => name).join(" ");
  };
  const x = randn([2, 3]);
  assertEquals(names((a: Tensor) => a.add(1), x), "input output");
  assertEquals(names((a: Tensor, b: Tensor) => [a.add(b), [a.sub(b)]], [x, x]), "input_0 input_1 output_0 output_1");
  assertEquals(names((a: Tensor) => ({ sum: a.sum(), all: [a.neg()] }), x), "input sum all.0");
  assertEquals(names((a: Tensor) => a.max(1), x, { outputNames: ["values", "indices"] }), "input values indices");
  assertEquals(names(({ mask }: { mask: Tensor }) => mask.neg(), [{ mask: x }]), "mask output");
  assertEquals(names((a: Tensor, factor: number) => a.mul(factor), [x, 3], { inputNames: ["a"] }), "a output");
  const message = (options: ExportOptions) =>
    assertThrows(() => exportOnnx(new nn.Linear(3, 2), x, options), ValueError).message;
  assertEquals(message({ inputNames: ["a", "b"] }), "Cannot name 2 inputs (a, b): the model has 1");
  assertEquals(message({ outputNames: [""] }), 'Cannot name two outputs "": names are distinct and not empty');
  assertEquals(message({ outputNames: ["input"] }), 'Cannot name an output "input": an input has that name');
  assertEquals(
    message({ inputNames: ["weight"] }),
    'Cannot name an input "weight": a parameter or buffer has that name',
  );
});

Deno.test("exportOnnx() refuses what a graph cannot say", () => {
  const x = randn([2, 3]);
  const message = (model: Parameters<typeof exportOnnx>[0], options?: ExportOptions) =>
    assertThrows(() => exportOnnx(model, x, options), ValueError).message;
  const reading = "Cannot export a model that reads elements which depend on its inputs";
  for (
    const model of [
      (x: Tensor) => x.sum().item() as number > 0 ? x : x.neg(),
      (x: Tensor) => x.maskedSelect(x.gt(0)),
      (x: Tensor) => x.add(tensor(x.tolist())),
      (x: Tensor) => F.gaussianNllLoss(x, x, x),
    ]
  ) assert(message(model).startsWith(reading), message(model));
  class Inner extends nn.Module {
    override forward(x: Tensor): Tensor {
      return x.mul(x.sum().item() as number);
    }
  }
  assertEquals(
    message(new nn.Sequential(new nn.Identity(), new Inner())),
    `${reading} (in module "1"): what it does then would hold for the example alone. ` +
      "Choose with where() or a mask rather than with item() and if, or read outside of the model",
  );
  assertEquals(
    message((x: Tensor) => x.erfinv()),
    "Cannot export erfinv: ONNX has no operator for erfinv. Compute it outside of the exported model, or from other operations",
  );
  const random = (dtype: string) =>
    `Cannot export a ${dtype} tensor of shape [2, 3] that each run makes anew, of random numbers or the clock: ` +
    'give it to the model as an input. Dropout is off with { training: "eval" }';
  assertEquals(message((x: Tensor) => x.add(rand([2, 3]))), random("float32"));
  assertEquals(message(new nn.Dropout(), { training: "training" }), random("bool"));
  assertEquals(message(() => 3), "Cannot export a model that returns no tensor");
  assertEquals(
    message((x: Tensor) => x, { opsetVersion: 17 }),
    "Cannot export with opsetVersion 17: versions 18 to 21 are supported",
  );
  assertThrows(() => exportOnnx(new nn.Linear(4, 2), x), TensaurError, "Cannot apply linear");
});

Deno.test("exportOnnx() keeps constants, once where they are equal", async () => {
  const table = tensor([[1.5, 2.5, 3.5]]), model = (x: Tensor) => [x.mul(table), x.add(2), x.sub(2), table];
  const bytes = exportOnnx(model, randn([2, 3]));
  const { initializer } = decodeModel(bytes).graph;
  assertEquals(initializer.map(({ dims }) => dims.join()), ["1,3", ""]);
  const x = randn([2, 3]);
  assertSame(await run(bytes, [x]), model(x));
});

for (const device of devices) {
  Deno.test(`exportOnnx() of a model on ${device}`, async () => {
    const before = defaultDevice();
    setDefaultDevice(device);
    try {
      await checkExport({ model: perceptron(), inputs: (n) => [randn([n, 3])], operators: "Gemm Relu" });
    } finally {
      setDefaultDevice(before);
    }
  });
}

Deno.test("exportOnnx() writes every dtype", () => {
  const types = (["float32", "float64", "int32", "uint32", "uint8", "bool"] as const).map((dtype) => {
    const { graph } = fileOf((x: Tensor) => x.reshape([-1]), ones([2, 2], { dtype, device: "cpu" }));
    return graph.output[0]!.type!.tensorType!.elemType;
  });
  const { FLOAT, DOUBLE, INT32, UINT32, UINT8, BOOL } = TensorType;
  assertEquals(types, [FLOAT, DOUBLE, INT32, UINT32, UINT8, BOOL]);
});
