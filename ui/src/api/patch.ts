const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The merge-patch (RFC 7396) that makes one object of another: what is not there any more is null. */
export function patchOf<T extends object>(before: object, after: T): T {
  const was = { ...before } as Record<string, unknown>;
  const gone = Object.keys(was).filter((name) => !(name in after));
  const said = Object.entries(after).map(([name, value]) => {
    const there = was[name];
    return [name, isObject(there) && isObject(value) ? patchOf(there, value) : value];
  });
  return Object.fromEntries([...gone.map((name) => [name, null]), ...said]);
}
