/**
 * The one memory that all modules import: shared with threads where the host lets them have it, else the main thread's own. A browser
 * does so for pages that are isolated from other origins.
 *
 * @module
 */

/** Most pages of 64 KiB that the memory of all modules may have: 4 GiB. */
export const MAX_PAGES = 65536;

/** Whether the memory can be given to threads. Deno and Node do not say; they always can. */
export const sharedMemory: boolean = (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated ?? true;

/** A memory for modules to import, of one page at first or as many as said. */
export function createMemory(initial = 1): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial, maximum: MAX_PAGES, shared: sharedMemory });
}
