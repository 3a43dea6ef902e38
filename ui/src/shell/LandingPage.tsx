import { Navigate } from 'react-router';
import { usePlace } from '../account/place';
import { underName } from './Navigation';

/** Where an account begins: with the list of users for who manages them, else with one's own place. */
export default function LandingPage() {
  const { account, can, path } = usePlace();
  const administers = can('members.manage') && !underName(account.preset);
  return <Navigate to={path(administers ? 'users' : 'home')} replace />;
}
