import { Anchor, Button, Stack, TextInput } from '@mantine/core';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useNavigate, useSearchParams } from 'react-router';
import { useAsk } from '../api/ask';
import { answer, api } from '../api/client';
import { isProblem } from '../api/problem';
import type { Challenge, Started } from '../api/schema';
import { CardPage } from '../shell/CardPage';
import type { OfferedAccount } from './AccountChooser';
import { Note } from './Note';
import { Password } from './Password';
import { Refused } from './Refused';
import { SecondStep } from './SecondStep';
import { productPage, returnPath } from './way';

const AccountChooser = lazy(() => import('./AccountChooser'));

interface Credentials {
  email: string;
  password: string;
  account?: string;
}

export default function SignInPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const note = useNote();
  const about = useAbout();
  const [offered, setOffered] = useState<OfferedAccount[]>();
  const [email, setEmail] = useState(search.get('email') ?? '');
  const [password, setPassword] = useState('');
  const [challenge, setChallenge] = useState<Challenge>();
  const enter = (started: Started) => {
    const product = productPage(search, about.product);
    if (product) window.location.replace(product);
    else navigate(returnPath(search, started.account.id), { replace: true });
  };

  const signIn = useAsk({
    ask: (given: Credentials) => answer(api.POST('/v1/sign-in', { body: given })),
    onDone: (given) => ('challenge' in given ? setChallenge(given) : enter(given)),
    onRefused: (error) => {
      if (isProblem(error, 'account_required')) setOffered(error.extra.accounts as OfferedAccount[]);
      else if (isProblem(error, 'bad_credentials')) setPassword('');
    },
  });

  if (challenge) return <SecondStep challenge={challenge} onIn={enter} onOver={() => setChallenge(undefined)} />;
  if (offered) {
    return (
      <Suspense>
        <AccountChooser
          accounts={offered}
          wanted={search.get('return') ?? ''}
          busy={signIn.busy}
          onChoose={(account) => signIn.ask({ email, password, account })}
          onBack={() => setOffered(undefined)}
        />
      </Suspense>
    );
  }

  return (
    <CardPage
      title={t('signin.title')}
      aside={
        about.sign_up && (
          <>
            {t('signin.no_account')}{' '}
            <Anchor component={Link} to="/sign-up">
              {t('signin.sign_up')}
            </Anchor>
          </>
        )
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void signIn.ask({ email, password });
        }}
      >
        <Stack gap="md">
          {note && signIn.error === undefined && <Note tone="quiet">{note}</Note>}
          <Refused error={signIn.error} />
          <TextInput
            label={t('signin.email')}
            type="email"
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <Password
            label={t('signin.password')}
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" fullWidth loading={signIn.busy}>
            {t('signin.submit')}
          </Button>
          <Anchor component={Link} to="/forgot" state={{ email: email }} ta="center">
            {t('signin.forgot')}
          </Anchor>
        </Stack>
      </form>
    </CardPage>
  );
}

/** Why somebody is here again, when they did not come of their own accord. */
function useNote() {
  const { t } = useTranslation();
  const state = useLocation().state as { ended?: boolean; done?: 'signed_out' | 'password' | 'email' } | null;
  if (state?.ended) return t('signin.ended');
  if (state?.done === 'signed_out') return t('signin.signed_out');
  if (state?.done === 'password') return t('signin.password_changed');
  if (state?.done === 'email') return t('signin.email_changed');
  return undefined;
}

/** What the server says of itself; until it does, nobody makes accounts here, and there is no product to go back to. */
function useAbout() {
  const [about, setAbout] = useState({ sign_up: false, product: '' });
  const { ask } = useAsk({ ask: () => answer(api.GET('/v1/about')), onDone: setAbout });
  useEffect(() => {
    void ask();
  }, [ask]);
  return about;
}
