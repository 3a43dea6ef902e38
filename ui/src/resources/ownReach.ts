import { useQuery } from '@tanstack/react-query';
import { usePlace } from '../account/place';
import { rolesQuery } from '../api/queries';

/** How far the reader's own role reaches: all resources, those that they hold, or one. */
export function useOwnReach() {
  const { account, session } = usePlace();
  return useQuery(rolesQuery(account.id)).data?.find(({ key }) => key === session.role)?.reach;
}
