import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import { useAsk } from '../api/ask';
import { answer, api } from '../api/client';

/** The bare address: on to the account whoever is signed in, else to sign in. */
export default function FrontPage() {
  const navigate = useNavigate();
  const { ask } = useAsk({
    ask: () => answer(api.GET('/v1/session')),
    onDone: (session) => navigate(`/a/${session.account_id}`, { replace: true }),
    onRefused: () => navigate('/sign-in', { replace: true }),
  });

  useEffect(() => {
    void ask();
  }, [ask]);

  return null;
}
