import { queryOptions } from '@tanstack/react-query';
import { answerWithTag, api } from '../api/client';
import { rolesQuery } from '../api/queries';

/** One role, with the tag that says which version was read. */
export const roleQuery = (account: string, role: string) =>
  queryOptions({
    queryKey: [...rolesQuery(account).queryKey, role],
    queryFn: () =>
      answerWithTag(api.GET('/v1/accounts/{account}/roles/{role}', { params: { path: { account, role } } })),
  });
