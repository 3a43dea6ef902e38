import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client';

/** Whether the reader has a second factor. */
export const factorQuery = queryOptions({
  queryKey: ['me', 'factor'],
  queryFn: () => answer(api.GET('/v1/me/totp')),
});
