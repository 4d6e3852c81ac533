import { assert, assertEquals } from "@std/assert";
import { setDefaultDevice } from "../../mod.ts";
import { drawnPictures, fileOf } from "./docs_pictures.ts";
import { textsOf } from "./pictures.ts";

Deno.test("the pictures of docs/pictures.md are what the blocks above them draw", async () => {
  setDefaultDevice("cpu");
  const pictures = await drawnPictures();
  const linked = [...Deno.readTextFileSync(fileOf("pictures.md")).matchAll(/\]\((pictures\/[^)]*)\)/g)];
  assertEquals([...pictures.keys()], linked.map(([, name]) => name!));
  for (const [name, figure] of pictures) {
    const svg = Deno.readTextFileSync(fileOf(name));
    assert(svg.length < 60_000, `${name} has ${svg.length} bytes`);
    assertEquals(textsOf({ svg }), textsOf(figure), name);
  }
});
