import { assertEquals } from "@std/assert";
import offline from "../deno.offline.json" with { type: "json" };
import real from "../deno.json" with { type: "json" };
import web from "../deno.web.json" with { type: "json" };

Deno.test("deno.offline.json is deno.json with links to the stand-ins", () => {
  const { links, ...rest } = offline;
  assertEquals(rest, real);
  const fromJsr = Object.entries(real.imports).filter(([, specifier]) => specifier.startsWith("jsr:"));
  assertEquals(links.map((path) => path.replace("./third_party/", "@std/")), fromJsr.map(([name]) => name));
});

Deno.test("deno.web.json is as strict as deno.json", () => {
  const { lib: _lib, types: _types, ...rest } = web.compilerOptions;
  assertEquals(rest, real.compilerOptions);
  const { "@webgpu/types": _webgpu, ...packages } = web.imports;
  const fromNpm = Object.entries(real.imports).filter(([, specifier]) => specifier.startsWith("npm:"));
  assertEquals(packages, Object.fromEntries(fromNpm));
});
