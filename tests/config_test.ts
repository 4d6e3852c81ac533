import { assertEquals } from "@std/assert";
import offline from "../deno.offline.json" with { type: "json" };
import real from "../deno.json" with { type: "json" };
import web from "../deno.web.json" with { type: "json" };

Deno.test("deno.offline.json is deno.json with links to the stand-ins", () => {
  const { links, ...rest } = offline;
  assertEquals(rest, real);
  assertEquals(links.map((path) => path.replace("./third_party/", "@std/")), Object.keys(real.imports));
});

Deno.test("deno.web.json is as strict as deno.json", () => {
  const { lib: _lib, types: _types, ...rest } = web.compilerOptions;
  assertEquals(rest, real.compilerOptions);
});
