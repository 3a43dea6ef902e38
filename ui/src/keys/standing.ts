import type { ApiKey } from '../api/schema';

/** What whoever made a key may do today, as far as the reader can see it. */
export interface Lender {
  permissions: readonly string[];
  /** The account requires a second factor, and they have none. */
  factorDue: boolean;
}

/** How a key stands, the gravest first. */
export type Standing = 'over' | 'barred' | 'limited' | 'ending' | 'unused' | 'used';

/** From how long before its end on a key is said to end soon, in milliseconds. */
const soon = 14 * 86_400_000;

/** What a key was made for and its maker may not do any more, so that the key may not either. */
export function withheld({ permissions }: Pick<ApiKey, 'permissions'>, maker: Lender | undefined): string[] {
  return maker ? permissions.filter((permission) => !maker.permissions.includes(permission)) : [];
}

/** How a key stands at a time, in milliseconds since 1970. */
export function standingOf(key: ApiKey, maker: Lender | undefined, now: number): Standing {
  const left = key.expires_at === null ? Number.POSITIVE_INFINITY : Date.parse(key.expires_at) - now;
  const lost = withheld(key, maker).length;
  if (left <= 0) return 'over';
  if (maker?.factorDue || lost === key.permissions.length) return 'barred';
  if (lost > 0) return 'limited';
  if (left <= soon) return 'ending';
  return key.last_used_at === null ? 'unused' : 'used';
}
