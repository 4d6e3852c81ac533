/**
 * Caches whose entries hold expressions. Expressions of kernels are forgotten when there are many of them; what refers to them has to go
 * with them, since an expression made anew is another object.
 *
 * @module
 */

const caches: Map<unknown, unknown>[] = [];

/** A cache that is emptied when expressions are forgotten. */
export function expressionCache<K, V>(): Map<K, V> {
  const cache = new Map<K, V>();
  caches.push(cache as Map<unknown, unknown>);
  return cache;
}

/** Empties all caches of expressions. */
export function clearExpressionCaches(): void {
  for (const cache of caches) cache.clear();
}
