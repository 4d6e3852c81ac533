/**
 * Reading the checkpoints that PyTorch wrote before 1.6, and still writes when asked to: five pickles, then the storages.
 *
 * @module
 */

import type { Source } from "../data/source.ts";
import { ValueError } from "../tensor/mod.ts";
import { CheckpointGlobals } from "./pytorch_globals.ts";
import { StorageReader } from "./pytorch_tensors.ts";
import { type ReadOptions, storedLength } from "./stored_types.ts";
import { type Globals, PickledDict, pickleReader, unpickle } from "./unpickle.ts";

/** What the first two pickles hold. */
const MAGIC = 0x1950a86a20f9469cfc6cn, PROTOCOL = 1001;

/** Nothing but numbers, texts and containers of them. */
const plain: Globals = { find: () => undefined, persistent: () => undefined };

/** Whether a file begins as such a checkpoint does: with a pickle, not with an archive. */
export function isLegacy(source: Source): boolean {
  return source.size > 1 && source.read(0, 1)[0] === 0x80;
}

/** The value in a checkpoint; `converter` turns what the pickle describes into it. */
export function readLegacy(
  source: Source,
  options: ReadOptions,
  converter: (reader: StorageReader) => (value: unknown) => unknown,
): unknown {
  const { name } = source, places = new Map<string, { start: number; length: number }>();
  const reader = new StorageReader(
    name,
    options,
    (key) => places.get(key)?.length,
    (key) => source.read(places.get(key)!.start, places.get(key)!.length),
  );
  const bytes = pickleReader(source, name), globals = new CheckpointGlobals(reader, source.size);
  const [magic, protocol, system] = [1, 2, 3].map(() => unpickle(bytes, plain, name));
  if (magic !== MAGIC || protocol !== PROTOCOL || !(system instanceof PickledDict)) {
    throw new ValueError(`Cannot read ${name} as a checkpoint: it begins with a pickle, and not with PyTorch's`);
  }
  if (system.entries.get("little_endian") !== true) {
    reader.refuse("its numbers are big-endian. Save it on another machine");
  }
  const value = unpickle(bytes, globals, name);

  const keys = unpickle(bytes, plain, name);
  if (!Array.isArray(keys)) return reader.refuse("it has no list of its storages");
  for (const key of keys) {
    const storage = typeof key === "string" ? globals.storages.get(key) : undefined;
    if (storage?.type === undefined || places.has(storage.key)) {
      return reader.refuse("its storages are not those of its tensors");
    }
    const count = Number(bytes.u64()), length = storedLength(storage.type, [storage.count]);
    if (count !== storage.count || length === undefined) {
      return reader.refuse(`storage ${storage.key} should have ${storage.count} elements, and has ${count}`);
    }
    places.set(storage.key, { start: bytes.position, length });
    bytes.skip(length);
  }
  return converter(reader)(value);
}
