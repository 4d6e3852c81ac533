import { assertEquals, assertStringIncludes } from "@std/assert";
import { quickened } from "../../tools/bundle/quicken.ts";

/** The file made quick, given the beginnings of the functions that run at the start. */
function quick(source: string, ...functions: readonly string[]): string {
  return quickened(source, new Set(functions.map((text) => source.indexOf(text))));
}

Deno.test("functions that run at the start stand in parentheses", () => {
  assertEquals(
    quick("var f = (x) => x;\nvar g = (x) => x + 1;\n", "(x) => x;"),
    "var f = ((x) => x);\nvar g = (x) => x + 1;\n",
  );
  assertEquals(quick("var f = function() {\n};", "function"), "var f = (function() {\n});");
  const nested = "var f = (x) => x.map((y) => y);";
  assertEquals(quick(nested, "(x) =>", "(y) =>"), "var f = ((x) => x.map(((y) => y)));");
});

Deno.test("declarations that run at the start come first, as variables", () => {
  const source =
    'import { a } from "./a.js";\nf();\nfunction f() {\n  return a;\n}\nfunction g() {\n}\nexport {\n  f\n};\n';
  const expected =
    'import { a } from "./a.js";\nvar f = (function f() {\nreturn a;\n});\nf();\nfunction g() {\n}\nexport {\nf\n};\n';
  assertEquals(quick(source, "function f"), expected);
});

Deno.test("methods stay as they are", () => {
  const source = "class A {\nm() {\n}\n}\nvar o = {\nm() {\n}\n};\n";
  assertEquals(
    quickened(source, new Set([source.indexOf("m()"), source.indexOf("() {"), source.lastIndexOf("m()")])),
    source,
  );
});

Deno.test("comments and indentation go, but not what looks like them in a text", () => {
  const source =
    '/* @ts-self-types="./a.ts" */\n// a.ts\nvar t = `\n  // kept\n  ${/* gone */ 1}\n  kept`;\nvar u = /* @__PURE__ */ f();\n';
  const expected =
    '/* @ts-self-types="./a.ts" */\n\nvar t = `\n  // kept\n  ${ 1}\n  kept`;\nvar u = /* @__PURE__ */ f();\n';
  assertEquals(quick(source), expected);
});

Deno.test("names that functions have by themselves are not given again", async () => {
  const source = `var defineProperty = Object.defineProperty;
var __name = (target, value) => defineProperty(target, "name", { value, configurable: true });
function f() {
}
__name(f, "f");
function f2() {
}
__name(f2, "f");
var arrow = /* @__PURE__ */ __name((x) => x, "arrow"), other = /* @__PURE__ */ __name((x) => x, "arrow");
var A = class {
  static {
    __name(this, "A");
  }
};
var B = class _B {
  static {
    __name(this, "B");
  }
};
class C extends A {
  static {
    __name(this, "C");
  }
}
var members = { "a.b": /* @__PURE__ */ __name(() => 1, "a.b"), c: /* @__PURE__ */ __name(function d() {
}, "d") };
var { e = /* @__PURE__ */ __name(() => 1, "e") } = {};
export const names = [f, f2, arrow, other, A, B, C, members["a.b"], members.c, e].map(({ name }) => name);
`;
  const result = quick(source, "(x) =>");
  assertEquals(result.match(/__name\(/g)?.length, 3);
  const { names } = await import(`data:text/javascript,${encodeURIComponent(result)}`);
  assertEquals(names, ["f", "f", "arrow", "arrow", "A", "B", "C", "a.b", "d", "e"]);
});

Deno.test("namespaces are plain objects, but for those that are read while their file loads", async () => {
  const source = `var __export = (target, all) => {
  for (var name in all)
    Object.defineProperty(target, name, { get: all[name], enumerable: true });
};
var outer = {};
__export(outer, {
  inner: () => inner,
  one: () => one
});
var inner = {};
__export(inner, {
  two: () => two
});
var early = {};
__export(early, {
  three: () => three
});
var one = 1, two = 2;
function three() {
  return 3;
}
export const read = early.three();
export {
  outer
};
`;
  const result = quick(source);
  assertEquals(result.match(/__export\(/g)?.length, 1);
  assertStringIncludes(result, "var outer = Object.freeze({\n__proto__: null,\ninner: inner,\none: one,\n});");
  const { outer, read } = await import(`data:text/javascript,${encodeURIComponent(result)}`);
  assertEquals([outer.inner.two, outer.one, read], [2, 1, 3]);
});
