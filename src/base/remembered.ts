/** The value of a key, made and kept on first asking. Values are never undefined. */
export function remembered<Key, Value extends object>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
