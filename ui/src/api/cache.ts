import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isProblem } from './problem';
import { sessionQuery } from './queries';

declare module '@tanstack/react-query' {
  interface Register {
    /** `expectsSignedOut`: a 401 is an answer here, not the end of the session. */
    queryMeta: { expectsSignedOut?: boolean };
  }
}

/**
 * The cache of what the server said. `onSignedOut` is told when any call is
 * refused because nobody is signed in any more.
 */
export function newCache(onSignedOut: () => void): QueryClient {
  // Asked again, the session says itself that a second factor is missing, and the page follows.
  const onFactorMissing = () => void cache.invalidateQueries({ queryKey: sessionQuery.queryKey });
  const cache: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (isProblem(error, 'unauthenticated') && !query.meta?.expectsSignedOut) onSignedOut();
        if (isProblem(error, 'factor_required') && !query.meta?.expectsSignedOut) onFactorMissing();
      },
    }),
    mutationCache: new MutationCache({
      onError: (error) => {
        if (isProblem(error, 'unauthenticated')) onSignedOut();
        if (isProblem(error, 'factor_required') && error.status === 403) onFactorMissing();
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        // Only a server that is away is worth asking again.
        retry: (count, error) => count < 2 && isProblem(error, 'unreachable'),
      },
    },
  });
  return cache;
}
