import { assertEquals, assertThrows } from "@std/assert";
import { explain, functional as F, IndexError, ShapeError, tensor, ValueError } from "../../../mod.ts";
import { assertTensor, gradOf, type Nested, testOnDevices } from "../../tensor/expect.ts";

// g = torch.gradient(x, **options)[0]; (g * torch.tensor([1., 2, 3, 4])).sum().backward()
testOnDevices("gradient takes equal and unequal distances, and two orders at the ends", () => {
  const coordinates = [tensor([0, 1, 3, 4])];
  const cases: [F.GradientOptions, Nested, Nested][] = [
    [{}, [3, 4.5, 6, 6], [-2, -0.5, -3, 5.5]],
    [{ edgeOrder: 2 }, [1.5, 4.5, 6, 6], [-2.5, 2.5, -7.5, 7.5]],
    [{ spacing: coordinates }, [3, 3, 5, 6], [-2.3333333, 1.5, -5.1666667, 6]],
    [{ spacing: coordinates, edgeOrder: 2 }, [3, 3, 5, 7], [-2.6666667, 2.6666667, -7.3333333, 7.3333333]],
  ];
  for (const [options, slopes, gradient] of cases) {
    const x = tensor([1, 4, 10, 16], { requiresGrad: true });
    const [y] = F.gradient(x, options);
    assertTensor(y!, slopes, 1e-6);
    y!.mul(tensor([1, 2, 3, 4])).sum().backward();
    assertTensor(gradOf(x), gradient, 1e-6);
  }
});

// torch.gradient(torch.tensor([[1, 4, 9], [2, 3, 7]]), dim=[1, 0], spacing=[2., 0.5])
Deno.test("gradient goes along the dimensions named, in their order", () => {
  const x = tensor([[1, 4, 9], [2, 3, 7]]);
  const [columns, rows] = F.gradient(x, { dim: [1, 0], spacing: [2, 0.5] });
  assertTensor(columns!, [[1.5, 2, 2.5], [0.5, 1.25, 2]]);
  assertTensor(rows!, [[2, -2, -4], [2, -2, -4]]);
  assertTensor(F.gradient(x, { dim: -1 })[0]!, [[3, 4, 5], [1, 2.5, 4]]);
  assertEquals(explain(F.gradient(x, { edgeOrder: 2, dim: 1 })[0]!).match(/^ *kernel /gm)?.length, 1);
});

Deno.test("gradient refuses spacings, dimensions and extents that do not fit", () => {
  const x = tensor([[1, 2, 3], [4, 5, 6]]);
  assertThrows(() => F.gradient(x, { spacing: [1] }), ValueError, "1 spacings");
  assertThrows(() => F.gradient(x, { dim: [1, 1] }), ShapeError, "twice");
  assertThrows(() => F.gradient(x, { dim: 2 }), IndexError);
  assertThrows(() => F.gradient(x, { dim: 0, edgeOrder: 2 }), ShapeError, "3 points");
  assertThrows(() => F.gradient(x, { dim: 1, spacing: [tensor([1, 2])] }), ShapeError, "coordinates");
});
