import { useQuery } from '@tanstack/react-query';
import { Navigate } from 'react-router';
import { sessionQuery } from '../api/queries';

/** The bare address: on to the account whoever is signed in, else to sign in. */
export default function FrontPage() {
  const session = useQuery({ ...sessionQuery, meta: { expectsSignedOut: true } });
  if (session.isPending) return null;
  return <Navigate to={session.data ? `/a/${session.data.account_id}` : '/sign-in'} replace />;
}
