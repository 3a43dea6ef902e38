import { infiniteQueryOptions } from '@tanstack/react-query';

interface Page {
  next_cursor?: string;
}

/** Where a page begins; the first begins nowhere. */
type From = { cursor?: string };

/** A list that is read page after page, under its place in the cache: `read` asks for the page that begins there. */
export const paged = <Read extends Page>(
  queryKey: readonly unknown[],
  read: (from: From, signal: AbortSignal) => Promise<Read>,
) =>
  infiniteQueryOptions({
    queryKey,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => read(pageParam ? { cursor: pageParam } : {}, signal),
    getNextPageParam: (last) => last.next_cursor || undefined,
  });
