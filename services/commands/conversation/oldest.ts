const oldest = new WeakMap<object, MapIterator<[unknown, unknown]>>()

/**
 * Takes the entry away that was put in first, and answers it. A map keeps the places of what was deleted until it grows,
 * so that looking for its first entry from the beginning costs more the more was deleted: the search goes on from where
 * it was.
 */
export const dropOldest = <K, V>(map: Map<K, V>): readonly [K, V] | undefined => {
  const known = (oldest.get(map) as MapIterator<[K, V]> | undefined)?.next()
  if (known && !known.done) {
    map.delete(known.value[0])
    return known.value
  }
  // None yet, or it came to the end of the map before: what was put in since is not for it.
  const entries = map.entries()
  oldest.set(map, entries)
  const first = entries.next()
  if (first.done) return undefined
  map.delete(first.value[0])
  return first.value
}
