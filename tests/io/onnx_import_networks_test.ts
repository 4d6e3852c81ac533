/**
 * Blocks of well-known networks: against onnxruntime, without questions to a device, and trained.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { importOnnx } from "../../io/onnx/mod.ts";
import { deviceStats, functional as F, nn, optim, type Tensor, tensor } from "../../mod.ts";
import { devices } from "../devices.ts";
import { assertClose, checkCase, fileOf, floats, given, node, of, outputOf, some } from "./onnx_import_models.ts";
import { networks } from "./onnx_import_networks.ts";

for (const [name, make] of Object.entries(networks)) {
  Deno.test(`importOnnx() runs a block of ${name} as onnxruntime does`, () =>
    // Each has many kernels; those of one are compiled for WebGPU.
    checkCase(make(), name === "gpt" ? devices : ["cpu"]));
}

for (const device of devices) {
  Deno.test(`an imported model asks ${device} for nothing until its outputs are read`, () => {
    const item = networks.gpt!(), model = importOnnx<Tensor[]>(fileOf(item), { device });
    const inputs = Object.fromEntries(
      Object.entries(item.inputs!).map(([name, value]) => [name, given(value, device)]),
    );
    const before = deviceStats(device).launched, outputs = model(inputs);
    assertEquals(deviceStats(device).launched, before);
    outputs[0]!.dataSync();
    assert(deviceStats(device).launched > before);
  });
}

Deno.test("an imported model is trained like any other", () => {
  const item = networks.resnet!(), file = fileOf(item), model = importOnnx(file, { trainable: true, device: "cpu" });
  assertEquals(model.parameters().length, model.parameters().filter((parameter) => parameter.requiresGrad).length);
  const x = given(item.inputs!.x!),
    y = tensor([1, 4], { device: "cpu" }),
    optimizer = new optim.SGD(model.parameters(), { lr: 0.05 });
  const statistics = model.getBuffer("layer1.0.bn.running_mean").clone().tolist();
  const losses = Array.from({ length: 4 }, () => {
    const loss = F.crossEntropy(model(x), y);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return loss.item<number>();
  });
  assert(losses.every((loss, i) => i === 0 || loss < losses[i - 1]!), `${losses}`);
  assert(model.parameters().every((parameter) => parameter.grad!.abs().sum().item<number>() > 0));
  assertEquals(model.getBuffer("layer1.0.bn.running_mean").tolist(), statistics);
  const other = importOnnx(file, { device: "cpu" });
  assertEquals(other.parameters().some((parameter) => parameter.requiresGrad), false);
  other.loadStateDict(model.stateDict());
  assertClose(outputOf(other(x)), outputOf(model(x).detach()), "the output of the copy");
});

Deno.test("gradients of an imported layer are those of the layer itself", () => {
  const item = networks.mobilenet!(),
    model = importOnnx(fileOf(item), { trainable: (name) => name === "fc1.weight", device: "cpu" });
  assertEquals(model.namedParameters().filter(([, p]) => p.requiresGrad).map(([name]) => name), ["fc1.weight"]);
  const x = given(item.inputs!.x!), weight = model.getParameter("fc1.weight"), h = 1e-2;
  model(x).square().sum().backward();
  const slope = weight.grad!.at(0, 0, 0, 0).item<number>(),
    at = (step: number): number => {
      const moved = weight.detach().clone();
      moved.setAt([0, 0, 0, 0], moved.at(0, 0, 0, 0).add(step));
      return nn.utils.stateless.functionalCall(model, { "fc1.weight": moved }, x).square().sum().item<number>();
    };
  const difference = (at(h) - at(-h)) / (2 * h);
  assert(Math.abs(difference - slope) < 1e-2 * (1 + Math.abs(slope)), `${slope} and ${difference}`);
});

Deno.test("importOnnx() takes another batch where the file leaves it open", () => {
  const item = networks.vit!(), model = importOnnx(fileOf({ ...item, open: true }), { device: "cpu" });
  assertEquals([...model(given(some([5, 3, 4, 4]))).shape], [5, 3]);
});

Deno.test("an imported model made for training drops and gathers averages while it is trained", () => {
  const names = ["x", "scale", "bias", "mean", "variance"], half = floats([0.5], []), yes = of("BOOL", [1], []);
  const model = importOnnx(
    fileOf({
      nodes: [
        node("BatchNormalization", names, ["n"], { training_mode: 1, momentum: 0.75 }),
        node("Dropout", ["n", "ratio", "on"], ["y"]),
      ],
      inputs: { x: some([64, 2]) },
      weights: {
        scale: floats([1, 1]),
        bias: floats([3, 3]),
        mean: floats([0, 0]),
        variance: floats([1, 1]),
        ratio: half,
        on: yes,
      },
    }),
    { device: "cpu" },
  );
  const x = given(some([64, 2])), { mean, variance } = model.stateDict();
  assertClose(outputOf(model(x)), outputOf(x.div(Math.sqrt(1 + 1e-5)).add(3)), "the output in evaluation");
  assertEquals(mean!.tolist(), [0, 0]);
  const dropped = model.train()(x).eq(0).float().mean().item<number>();
  assert(dropped > 0.3 && dropped < 0.7, `${dropped}`);
  assertClose(outputOf(mean!), outputOf(x.mean(0).mul(0.25)), "the running mean");
  assertClose(outputOf(variance!), outputOf(x.var(0).mul(0.25).add(0.75)), "the running variance");
});
