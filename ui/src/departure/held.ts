import { useInfiniteQuery } from '@tanstack/react-query';
import { usePlace } from '../account/place';
import { answer, api } from '../api/client';
import { paged } from '../api/paged';
import type { Member, Resource } from '../api/schema';
import { itemsOf, type Paged } from '../list/Pages';
import { useThings } from './things';

/** What somebody owns, page after page. */
const ownedQuery = (account: string, owner: string) =>
  paged(['account', account, 'resources', 'owned', owner], (from, signal) =>
    answer(
      api.GET('/v1/accounts/{account}/resources', {
        params: { path: { account }, query: { owner, limit: 100, ...from } },
        signal,
      }),
    ),
  );

/** What the leaver owns, as far as it is read. */
export interface Held {
  /** The keys of the types among it, or of all there are while it is not known. */
  types: string[];
  resources: readonly Resource[];
  /** The pages it is read in. */
  list: Paged<Resource>;
  /** Whether it can be decided about one by one: of a single leaver, by who may see it. */
  listed: boolean;
}

/** Reads what a leaver owns; of several only the types are known. */
export function useHeld(members: readonly Member[], wanted: boolean): Held {
  const { account, can } = usePlace();
  const { types } = useThings();
  const [one, ...others] = members;
  const listed = one !== undefined && others.length === 0 && can('resources.read');
  const list = useInfiniteQuery({ ...ownedQuery(account.id, one?.id ?? ''), enabled: wanted && listed });
  const resources = itemsOf(list.data);
  const whole = listed && list.data !== undefined && !list.hasNextPage;
  const seen = new Set(resources.map(({ type }) => type));
  return {
    types: types.map(({ key }) => key).filter((key) => !whole || seen.has(key)),
    resources,
    list,
    listed: listed && resources.length > 0,
  };
}
