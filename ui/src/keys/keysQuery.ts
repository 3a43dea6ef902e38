import { queryOptions } from '@tanstack/react-query';
import { answer, answerWithTag, api } from '../api/client';
import { paged } from '../api/paged';

/** All keys that were read of an account, whichever list or panel they stand in. */
export const everyKey = (account: string) => ['account', account, 'keys'];

/** The keys of one maker, or all that the reader may see, the newest first, page after page. */
export const keysQuery = (account: string, maker?: string) => {
  const query = { limit: 50, ...(maker && { member: maker }) };
  return paged([...everyKey(account), 'list', query], (from, signal) =>
    answer(
      api.GET('/v1/accounts/{account}/api-keys', {
        params: { path: { account }, query: { ...query, ...from } },
        signal,
      }),
    ),
  );
};

/** One key, with the tag that says which version was read. */
export const keyQuery = (account: string, key: string) =>
  queryOptions({
    queryKey: [...everyKey(account), 'one', key],
    queryFn: () =>
      answerWithTag(api.GET('/v1/accounts/{account}/api-keys/{key}', { params: { path: { account, key } } })),
  });
