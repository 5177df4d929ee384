// Reading a property of something whose shape nobody has checked.

/** Its own property of that name; undefined where it has none, or is no object. Pure. */
export function propertyOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}
