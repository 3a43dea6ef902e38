import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client';

/** Where a page of the open invitations begins: those that wait come first, then those that expired. */
interface Place {
  status: 'pending' | 'expired';
  cursor: string;
}

const start: Place = { status: 'pending', cursor: '' };

/** Every invitation that can still be accepted or sent again. */
export const openInvitationsQuery = (account: string, q: string) =>
  infiniteQueryOptions({
    queryKey: ['account', account, 'invitations', q],
    // Others accept meanwhile: who opens the list again gets it as it is now.
    staleTime: 0,
    initialPageParam: start,
    queryFn: async ({ pageParam: { status, cursor }, signal }) => {
      const query = { status, limit: 50, ...(q && { q }), ...(cursor && { cursor }) };
      const page = await answer(
        api.GET('/v1/accounts/{account}/invitations', { params: { path: { account }, query }, signal }),
      );
      // One that was closed when its time was over has a newer one in its place.
      return { ...page, status, items: page.items.filter((invitation) => !invitation.closed_at) };
    },
    getNextPageParam: (last): Place | undefined => {
      if (last.next_cursor) return { status: last.status, cursor: last.next_cursor };
      return last.status === 'pending' ? { status: 'expired', cursor: '' } : undefined;
    },
  });

export const invitationQuery = (account: string, invitation: string) =>
  queryOptions({
    queryKey: ['account', account, 'invitation', invitation],
    queryFn: () =>
      answer(api.GET('/v1/accounts/{account}/invitations/{invitation}', { params: { path: { account, invitation } } })),
  });
