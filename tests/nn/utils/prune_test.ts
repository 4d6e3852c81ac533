import { assert, assertEquals, assertThrows } from "@std/assert";
import * as torch from "../../../mod.ts";
import { nn, type Tensor, tensor } from "../../../mod.ts";
import golden from "../../golden/utils.json" with { type: "json" };
import { testOnDevices } from "../../tensor/expect.ts";

const { prune } = nn.utils;

const prunings: Record<keyof typeof golden.masks, (layer: nn.Linear) => void> = {
  "randomUnstructured": (layer) => void prune.randomUnstructured(layer, "weight", 0.3),
  "l1Unstructured": (layer) => void prune.l1Unstructured(layer, "weight", 0.3),
  "randomStructured": (layer) => void prune.randomStructured(layer, "weight", 2, 1),
  "lnStructured": (layer) => void prune.lnStructured(layer, "weight", 0.25, 2, 0),
  "mixed": (layer) => {
    prune.lnStructured(layer, "weight", 1, Infinity, 1);
    prune.l1Unstructured(layer, "weight", 3);
  },
  "global": (layer) =>
    prune.globalUnstructured([[layer, "weight"], [layer, "bias"]], prune.L1Unstructured, { amount: 7 }),
};

for (const [name, apply] of Object.entries(prunings)) {
  testOnDevices(`${name} prunes what PyTorch prunes`, () => {
    torch.manualSeed(7);
    const layer = new nn.Linear(5, 4);
    for (const mask of golden.masks[name as keyof typeof golden.masks]) {
      apply(layer);
      assertEquals(Array.from(layer.getBuffer("weight_mask").dataSync()), mask);
      assertEquals(
        layer.weight.tolist(),
        layer.getBuffer("weight_mask").mul(layer.getParameter("weight_orig")).tolist(),
      );
    }
  });
}

Deno.test("a pruned parameter is masked before each forward, until pruning ends", () => {
  const layer = new nn.Linear(2, 2), { weight } = layer, net = new nn.Sequential(layer);
  assert(!prune.isPruned(net));
  prune.customFromMask(layer, "weight", tensor([[1, 0], [0, 1]]));
  assertEquals(Object.keys(layer.stateDict()), ["bias", "weight_orig", "weight_mask"]);
  assert(prune.isPruned(net) && layer.getParameter("weight_orig") === weight);
  torch.noGrad(() => weight.fill_(3));
  layer(torch.ones([1, 2])).sum().backward();
  assertEquals(layer.weight.tolist(), [[3, 0], [0, 3]]);
  assertEquals(weight.grad!.tolist(), [[1, 0], [0, 1]]);
  prune.remove(layer, "weight");
  assert(layer.weight === weight && !prune.isPruned(net));
  assertEquals(weight.tolist(), [[3, 0], [0, 3]]);
  assertEquals(Object.keys(layer.stateDict()), ["bias", "weight"]);
  assertThrows(() => prune.remove(layer, "weight"), torch.ValueError, "not pruned");
});

Deno.test("scores choose in the place of elements, and methods can be one's own", () => {
  const layer = new nn.Linear(3, 1);
  prune.l1Unstructured(layer, "weight", 1, { importanceScores: tensor([[5, 1, 3]]) });
  assertEquals(layer.getBuffer("weight_mask").tolist(), [[1, 0, 1]]);
  prune.globalUnstructured([[layer, "weight"]], prune.L1Unstructured, {
    amount: 1,
    importanceScores: [[layer, "weight", tensor([[2, 0, 1]])]],
  });
  assertEquals(layer.getBuffer("weight_mask").tolist(), [[1, 0, 0]]);
  class Last extends prune.BasePruningMethod {
    override readonly pruningType = "global";
    override computeMask(t: Tensor, mask: Tensor): Tensor {
      return mask.mul(torch.arange(t.numel()).ne(t.numel() - 1).to(mask.dtype).reshape(t.shape));
    }
  }
  const other = new Last().apply(new nn.Linear(3, 1), "weight");
  assertEquals(other.getBuffer("weight_mask").tolist(), [[1, 1, 0]]);
  assertEquals(new prune.L1Unstructured(2).prune(tensor([3, 1, 2])).tolist(), [3, 0, 0]);
});

Deno.test("pruning refuses what makes no sense", () => {
  const layer = new nn.Linear(3, 2);
  assertThrows(() => prune.l1Unstructured(layer, "weight", 7), torch.ValueError, "7 of 6");
  assertEquals(Object.keys(layer.stateDict()), ["weight", "bias"]);
  assertThrows(() => prune.l1Unstructured(layer, "weight", 1.5), torch.ValueError, "1.5");
  assertThrows(() => prune.lnStructured(layer, "bias", 1, 2, 0), torch.ValueError, "two dimensions");
  assertThrows(() => prune.lnStructured(layer, "weight", 1, 2, 2), torch.IndexError, "dimension 2");
  assertThrows(() => prune.identity(layer, "scale"), torch.ValueError, "no parameter");
  assertThrows(() => prune.customFromMask(layer, "weight", tensor([1])), torch.ShapeError, "mask of shape");
});
