import { assert, assertEquals, assertThrows } from "@std/assert";
import * as torch from "../../mod.ts";
import { functional as F, nn, randn, type Tensor, tensor, zeros } from "../../mod.ts";
import golden from "../golden/sequences.json" with { type: "json" };
import { testOnDevices } from "../tensor/expect.ts";
import { assertNumbers, tensorsOf, testModules } from "./golden_module.ts";

const { invertPermutation, packPaddedSequence, packSequence, padPackedSequence, padSequence } = nn.utils.rnn;
const { unpackSequence, unpadSequence, PackedSequence } = nn.utils.rnn;

testModules(golden.recurrent);

type Network = nn.RNNBase & ((input: unknown, hx: unknown) => [InstanceType<typeof PackedSequence>, unknown]);

for (const entry of golden.packed) {
  testOnDevices(`${entry.name} takes packed sequences as PyTorch does: ${JSON.stringify(entry.options)}`, () => {
    torch.manualSeed(4);
    const make = Reflect.get(nn, entry.name) as new (...args: unknown[]) => Network;
    const network = new make(...entry.args, entry.options);
    const [x, ...states] = entry.shapes.map((shape) => randn(shape, { requiresGrad: true })) as [Tensor, ...Tensor[]];
    const packed = packPaddedSequence(x, entry.lengths, { enforceSorted: false });
    const [output, last] = network(packed, states.length > 1 ? states : states[0] ?? null);
    const outputs = [padPackedSequence(output, { paddingValue: 9 })[0], ...tensorsOf(last)];
    assertEquals(outputs.length, entry.outputs.length);
    outputs.forEach((y, i) => {
      assertEquals([...y.shape], entry.outputs[i]![0]);
      assertNumbers(y, entry.outputs[i]![1] as number[], `output ${i}`);
    });
    outputs.map((y) => y.mul(randn([...y.shape])).sum()).reduce((a, b) => a.add(b)).backward();
    [x, ...states, ...network.parameters()].slice(0, entry.grads.length).forEach((leaf, i) =>
      assertNumbers(leaf.grad!, entry.grads[i]!, `gradient ${i}`)
    );
  });
}

Deno.test("a network goes on from the states it ended with", () => {
  const lstm = new nn.LSTM(2, 3, { numLayers: 2 }), x = randn([4, 1, 2]);
  const [whole, [h, c]] = lstm(x);
  const [first, state] = lstm(x.at(torch.slice(0, 2)));
  const [second, [h2, c2]] = lstm(x.at(torch.slice(2, 4)), state);
  assert(F.allclose(F.cat([first, second]), whole, { atol: 1e-6 }));
  assert(F.allclose(h2, h, { atol: 1e-6 }) && F.allclose(c2, c, { atol: 1e-6 }));
});

Deno.test("a network of one layer is its cell step by step", () => {
  torch.manualSeed(1);
  const gru = new nn.GRU(2, 3), cell = new nn.GRUCell(2, 3), x = randn([3, 2, 2]);
  cell.loadStateDict(
    Object.fromEntries(Object.entries(gru.stateDict()).map(([key, t]) => [key.replace("_l0", ""), t])),
  );
  let h = zeros([2, 3]);
  for (const step of F.unbind(x)) h = cell(step, h);
  assert(F.allclose(gru(x)[1].at(0), h, { atol: 1e-6 }));
});

Deno.test("networks print and name their parameters as in PyTorch", () => {
  const lstm = new nn.LSTM(3, 4, { numLayers: 2, bidirectional: true, projSize: 2, dropout: 0.5, bias: false });
  assertEquals(`${lstm}`, "LSTM(3, 4, proj_size=2, num_layers=2, bias=False, dropout=0.5, bidirectional=True)");
  const cell = (name: string) => ["ih", "hh", "hr"].map((kind) => `weight_${kind}_${name}`);
  assertEquals(
    lstm.namedParameters().map(([name]) => name),
    ["l0", "l0_reverse", "l1", "l1_reverse"].flatMap(cell),
  );
});

Deno.test("networks refuse what does not fit", () => {
  const rnn = new nn.RNN(3, 2);
  assertThrows(() => rnn(zeros([4, 2, 5])), torch.ShapeError, "[L, N, 3]");
  assertThrows(() => rnn(zeros([4, 2, 3]), zeros([1, 3, 2])), torch.ShapeError, "expected [1, 2, 2]");
  assertThrows(() => rnn(zeros([0, 2, 3])), torch.ShapeError, "without steps");
  assertThrows(() => rnn(packSequence([zeros([2, 4])])), torch.ShapeError, "3");
  assertThrows(() => new nn.LSTM(3, 2, { projSize: 2 }), torch.ValueError, "projSize 2");
  assertThrows(() => new nn.GRU(3, 2, { dropout: 2 }), torch.ValueError, "probability 2");
  assertThrows(
    () => F.gru(zeros([3, 3]), null, [zeros([6, 3]), zeros([6, 2])], { hasBiases: false, batchSizes: [1, 2] }),
    torch.ShapeError,
    "batchSizes [1, 2]",
  );
});

Deno.test("packing sorts, padding puts back, and gradients follow", () => {
  // torch.nn.utils.rnn.pack_padded_sequence(torch.arange(1., 13).reshape(3, 4).T, [2, 4, 1], enforce_sorted=False)
  const x = torch.arange(1, 13, { dtype: "float32" }).reshape([3, 4]).requiresGrad_();
  const packed = packPaddedSequence(x, tensor([2, 4, 1]), { batchFirst: true, enforceSorted: false });
  assertEquals(packed.data.tolist(), [5, 1, 9, 6, 2, 7, 8]);
  assertEquals(packed.batchSizes.tolist(), [3, 2, 1, 1]);
  const [data, sizes, sorted, unsorted] = packed;
  assert(data === packed.data && sizes === packed.batchSizes);
  assertEquals([sorted!.tolist(), unsorted!.tolist()], [[1, 0, 2], [1, 0, 2]]);
  const [padded, lengths] = padPackedSequence(packed, { paddingValue: -1, totalLength: 5 });
  assertEquals(padded.tolist(), [[1, 5, 9], [2, 6, -1], [-1, 7, -1], [-1, 8, -1], [-1, -1, -1]]);
  assertEquals(lengths.tolist(), [2, 4, 1]);
  padded.mul(2).sum().backward();
  assertEquals(x.grad!.tolist(), [[2, 2, 0, 0], [2, 2, 2, 2], [2, 0, 0, 0]]);
});

Deno.test("sequences are padded on either side, packed and unpacked", () => {
  const list = [tensor([[1, 2]]), tensor([[3, 4], [5, 6]])];
  assertEquals(padSequence(list).tolist(), [[[1, 2], [3, 4]], [[0, 0], [5, 6]]]);
  assertEquals(padSequence(list, { batchFirst: true, paddingSide: "left", paddingValue: 7 }).tolist(), [
    [[7, 7], [1, 2]],
    [[3, 4], [5, 6]],
  ]);
  const packed = packSequence(list, { enforceSorted: false });
  assertEquals(unpackSequence(packed).map((x) => x.tolist()), list.map((x) => x.tolist()));
  assertEquals(unpadSequence(padSequence(list), [1, 2]).map((x) => x.tolist()), list.map((x) => x.tolist()));
  assertEquals(invertPermutation(tensor([3, 0, 2, 1])).tolist(), [1, 3, 2, 0]);
  assertEquals(invertPermutation(null), null);
  assertEquals([packed.double().data.dtype, packed.float().data.dtype], ["float64", "float32"]);
  const again = new PackedSequence(packed.data, packed.batchSizes, null, packed.unsortedIndices);
  assertEquals(again.sortedIndices!.tolist(), packed.sortedIndices!.tolist());
});

Deno.test("packing refuses lengths that do not fit", () => {
  const x = zeros([3, 2, 1]);
  assertThrows(() => packPaddedSequence(x, [1, 3]), torch.ValueError, "enforceSorted: false");
  assertThrows(() => packPaddedSequence(x, [3, 0]), torch.ValueError, "above 0");
  assertThrows(() => packPaddedSequence(x, [3]), torch.ShapeError, "[T, B, ...]");
  assertThrows(() => packPaddedSequence(x, [4, 1]), torch.ShapeError, "at most T");
  assertThrows(() => padSequence([]), torch.ValueError, "no sequences");
  assertThrows(() => padSequence([zeros([2, 3]), zeros([2, 4])]), torch.ShapeError, "[2, 4]");
  assertThrows(() => padPackedSequence(packSequence([zeros([3])]), { totalLength: 2 }), torch.ValueError, "3 steps");
  assertThrows(() => new PackedSequence(x, zeros([1, 1], { device: "cpu" })), torch.ShapeError, "[1, 1]");
});

Deno.test("gradients of gradients of networks are right, whatever becomes of the first state", () => {
  torch.manualSeed(0);
  const random = (...shape: number[]) => torch.randn(shape, { dtype: "float64", device: "cpu", requiresGrad: true });
  const params = [random(1, 1), random(1, 1)], start = torch.ones([1, 1, 1], { dtype: "float64", device: "cpu" });
  const run = (x: Tensor, h: Tensor, ...weights: Tensor[]) => F.rnnTanh(x, h, weights, { hasBiases: false })[0];
  assert(torch.autograd.gradgradcheck(run as never, [random(2, 1, 1), random(1, 1, 1), ...params]));

  const input = random(2, 1, 1);
  const gradient = (overwrite: boolean) => {
    const first = start.clone(), output = run(input, first, ...params);
    if (overwrite) first.zero_();
    return torch.autograd.grad(output.sum(), [params[1]!])[0]!.tolist();
  };
  assertEquals(gradient(true), gradient(false));
});
