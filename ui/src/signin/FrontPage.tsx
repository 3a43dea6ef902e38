import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import { useAsk } from '../api/ask';
import { answer, api } from '../api/client';
import { isProblem } from '../api/problem';
import { CardSkeleton } from '../shell/CardSkeleton';

/** The bare address: on to the account whoever is signed in, else to sign in. */
export default function FrontPage() {
  const navigate = useNavigate();
  const enter = ({ account_id }: { account_id: string }) => navigate(`/a/${account_id}`, { replace: true });
  // Who lacks the second factor of their account is told so there.
  const own = useAsk({ ask: () => answer(api.GET('/v1/me')), onDone: enter });
  const { ask } = useAsk({
    ask: () => answer(api.GET('/v1/session')),
    onDone: enter,
    onRefused: (error) => {
      if (isProblem(error, 'factor_required')) void own.ask();
      else navigate('/sign-in', { replace: true });
    },
  });

  useEffect(() => {
    void ask();
  }, [ask]);

  return <CardSkeleton />;
}
