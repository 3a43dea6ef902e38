import { type ReactNode, useMemo } from 'react';
import { ListProblem } from './ListProblem';
import { ListSkeleton } from './ListSkeleton';
import { LoadMore } from './LoadMore';
import classes from './Pages.module.css';

type Data<T> = { pages: readonly { items: readonly T[] }[] } | undefined;

/** A list that is read page after page, as `useInfiniteQuery` has it. */
export interface Paged<T> {
  data: Data<T>;
  error: unknown;
  isPending: boolean;
  isPlaceholderData: boolean;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  fetchNextPage: () => unknown;
  refetch: () => unknown;
}

/** What is read so far, of all pages. */
export const itemsOf = <T,>(data: Data<T>): T[] => data?.pages.flatMap(({ items }) => items) ?? [];

interface PagesProps<T> {
  list: Paged<T>;
  /** What stands where there is nothing to show. */
  empty: ReactNode;
  /** The shape of what is not there yet. */
  waiting?: ReactNode;
  children: (items: T[]) => ReactNode;
}

/** A list with its states: on its way, refused, empty, and followed by another page. */
export function Pages<T>({ list, empty, waiting = <ListSkeleton />, children }: PagesProps<T>) {
  const items = useMemo(() => itemsOf(list.data), [list.data]);
  if (list.isPending) return waiting;
  if (items.length === 0) {
    if (list.error) return <ListProblem error={list.error} retry={list.refetch} />;
    if (!list.hasNextPage) return empty;
  }
  return (
    <div className={classes.pages} aria-busy={list.isPlaceholderData}>
      {/* A page may be empty and still be followed by another. */}
      {items.length > 0 ? children(items) : waiting}
      <LoadMore list={list} />
    </div>
  );
}
