import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isProblem } from './problem';

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
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (isProblem(error, 'unauthenticated') && !query.meta?.expectsSignedOut) onSignedOut();
      },
    }),
    mutationCache: new MutationCache({
      onError: (error) => {
        if (isProblem(error, 'unauthenticated')) onSignedOut();
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
}
