import { assert, assertEquals, assertThrows } from "@std/assert";
import { arange, io, nn, optim, type Tensor, tensor, ValueError } from "../../mod.ts";
import { installed } from "../programs.ts";
import { assertTensor, type Nested } from "../tensor/expect.ts";

interface Checkpoint {
  model: nn.StateDict;
  optimizer: optim.OptimizerState;
  nested: [{ a: [Tensor, [null, number]] }];
  views: Record<string, Tensor>;
  parameter: nn.Parameter;
  types: Tensor[];
  complex: Tensor;
  empty: Tensor;
  text: string;
}

function network(): nn.Sequential {
  return new nn.Sequential(new nn.BatchNorm1d(3), new nn.Linear(3, 2));
}

const makers = {
  adam: (model: nn.Module) => new optim.Adam(model.parameters(), { lr: 0.125, amsgrad: true }),
  sgd: (model: nn.Module) => new optim.SGD(model.parameters(), { lr: 0.125, momentum: 0.5 }),
};

function step(model: nn.Sequential, optimizer: optim.Optimizer): void {
  optimizer.zeroGrad();
  (model(arange(12, { dtype: "float32" }).reshape(4, 3).square()) as Tensor).square().sum().backward();
  optimizer.step();
}

function python(task: "write" | "read", folder: string): string {
  const script = new URL("torch_checkpoints.py", import.meta.url).pathname;
  const { success, stdout, stderr } = new Deno.Command("/usr/bin/python3", { args: [script, task, folder] })
    .outputSync();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

function checkPlain({ nested, views, parameter, types, complex, empty, text }: Checkpoint): void {
  assertEquals([nested[0].a[0].tolist(), nested[0].a[1]], [[1], [null, 2]]);
  const { grid, turned, row, wide } = views as Record<"grid" | "turned" | "row" | "wide", Tensor>;
  assertEquals([turned.tolist(), wide.tolist()], [[[0, 3], [1, 4], [2, 5]], [1, 4]]);
  row.add_(10);
  assertEquals([grid.tolist(), turned.tolist()], [[[0, 1, 2], [13, 14, 15]], [[0, 13], [1, 14], [2, 15]]]);
  assert(parameter instanceof nn.Parameter && parameter.requiresGrad);
  for (const x of types) assertEquals(x.to({ dtype: "int32" }).tolist(), x.dtype === "bool" ? [1, 0, 1] : [1, 0, 2]);
  assertEquals(types.map(({ dtype }) => dtype).join(), "float64,float32,float32,int32,int32,int32,int32,uint8,bool");
  assertEquals([complex.tolist(), [...empty.shape], text], [[[[1, 2]], [[3, -4]]], [0, 3], "é"]);
}

Deno.test({
  name: "training goes on from PyTorch's checkpoints of both formats, and in PyTorch from ours",
  ignore: !installed("pytorch"),
  fn: () => {
    const folder = Deno.makeTempDirSync();
    python("write", folder);
    for (const [kind, make] of Object.entries(makers)) {
      for (const format of ["zip", "legacy"]) {
        const read = io.load<Checkpoint>(`${folder}/${kind}.${format}.pt`, { device: "cpu" });
        checkPlain(read);
        const model = network().to("cpu"), optimizer = make(model);
        assertEquals(`${model.loadStateDict(read.model)}`, "<All keys matched successfully>");
        optimizer.loadStateDict(read.optimizer);
        step(model, optimizer);
        const grid = arange(6, { dtype: "float32" }).reshape(2, 3);
        const views = { grid, row: grid.select(0, 1), turned: grid.t(), alone: arange(6).narrow(0, 2, 2) };
        io.save({ model: model.stateDict(), optimizer: optimizer.stateDict(), views }, `${folder}/${kind}.tensaur.pt`);
      }
    }
    assertEquals(python("read", folder), "<All keys matched successfully>\n".repeat(2));
    for (const kind of Object.keys(makers)) {
      const expected = io.load(`${folder}/${kind}.expected.pt`), after = io.load(`${folder}/${kind}.after.pt`);
      assertEquals(Object.keys(after), Object.keys(expected));
      for (const [name, x] of Object.entries(after)) assertTensor(x, expected[name]!.tolist() as Nested, 1e-5);
    }
    for (const name of ["module.pt", "module.legacy.pt"]) {
      assertThrows(() => io.load(`${folder}/${name}`), ValueError, "torch.nn.modules.container.Sequential");
    }
  },
});

Deno.test("tensors that show elements of one another are written once, and are views again when read", () => {
  const grid = arange(24, { dtype: "float32" }).reshape(4, 6), lone = arange(1000, { dtype: "float32" });
  const views: Record<string, Tensor> = {
    grid,
    same: grid.detach(),
    row: grid.select(0, 1),
    turned: grid.t(),
    block: grid.narrow(1, 2, 3).narrow(0, 1, 2),
    diagonal: grid.diagonal(),
    wide: grid.narrow(0, 0, 1).expand([4, 6]),
    every: grid.at(":", "::2"),
    column: grid.detach().select(1, 2),
    flat: grid.reshape(24),
    none: grid.narrow(0, 0, 0),
  };
  const alone = { reversed: grid.flip([0]), part: lone.narrow(0, 2, 3) };
  const bytes = io.encodePyTorch({ ...views, ...alone });
  const text = new TextDecoder("latin1").decode(bytes);
  assertEquals(new Set(text.match(/archive\/data\/\d+/g)).size, 4);
  assert(bytes.length < 4000);
  const read = io.readPyTorch(bytes);
  for (const [name, x] of Object.entries({ ...views, ...alone })) {
    assertEquals([name, read[name]!.tolist()], [name, x.tolist()]);
  }
  read.grid!.mul_(2);
  grid.mul_(2);
  for (const [name, x] of Object.entries(views)) assertEquals([name, read[name]!.tolist()], [name, x.tolist()]);
  assertEquals([read.part!.tolist(), read.reversed!.at(0, 0).item()], [[2, 3, 4], 18]);
});

Deno.test("views of uint32, which PyTorch has no storage for, are shared as int64", () => {
  const x = tensor([1, 4000000000, 3], { dtype: "uint32", device: "cpu" });
  const read = io.readPyTorch(io.encodePyTorch({ x, tail: x.narrow(0, 1, 2) }), { device: "cpu" });
  assertEquals([read.x!.tolist(), read.tail!.tolist()], [[1, 4000000000, 3], [4000000000, 3]]);
});
