import { Navigate } from 'react-router';
import { usePlace } from '../account/place';
import { YourPlace } from '../account/YourPlace';
import { underName } from './Navigation';

/** The first page of an account: the list of users for who manages them, else one's own place. */
export default function HomePage() {
  const { account, can, path } = usePlace();
  const administers = can('members.manage') && !underName(account.preset);
  return administers ? <Navigate to={path('users')} replace /> : <YourPlace />;
}
