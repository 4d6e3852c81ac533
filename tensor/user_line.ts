/**
 * Whose code called the library.
 *
 * @module
 */

// The published package has its files' code in chunks beside mod.js.
const root = new URL(import.meta.url.endsWith("/tensor/user_line.ts") ? "../" : "./", import.meta.url).href;
const library = /^(mod\.ts|mod\.js|chunk-\w+\.js|(data|distributions|functional|io|kernels|nn|optim|plot|tensor)\/)/;

/** The frames of a stack deeper than this are of no interest. */
const DEEPEST = 200;

/** The place, as "file:///…/train.ts:12:5", of the innermost call that is not the library's own; undefined where that can't be told. */
export function userLine(): string | undefined {
  const engine = Error as { stackTraceLimit?: number };
  const limit = engine.stackTraceLimit;
  engine.stackTraceLimit = DEEPEST;
  const stack = new Error().stack ?? "";
  if (limit === undefined) Reflect.deleteProperty(engine, "stackTraceLimit");
  else engine.stackTraceLimit = limit;
  const places = [...stack.matchAll(/(?:at |\(|@)((?:file|https?|blob|data):[^()\n]*:\d+:\d+)\)?$/gm)].map(([, at]) =>
    at!
  );
  // In a user's own bundle all is one file, and nothing tells the user's part of it from ours.
  if (places[0]?.startsWith(import.meta.url) !== true || !library.test(places[0].slice(root.length))) return undefined;
  return places.find((place) => !place.startsWith(root) || !library.test(place.slice(root.length)));
}
