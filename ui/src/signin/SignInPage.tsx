import { Alert, Anchor, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useNavigate, useSearchParams } from 'react-router';
import { answer, api } from '../api/client';
import { isProblem } from '../api/problem';
import { useProblems } from '../language/problems';
import { CardPage } from '../shell/CardPage';
import { AccountChooser, type OfferedAccount } from './AccountChooser';
import { returnPath } from './way';

interface Credentials {
  email: string;
  password: string;
}

export default function SignInPage() {
  const { t } = useTranslation();
  const { sentence } = useProblems();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const [search] = useSearchParams();
  const note = useNote();
  const [offered, setOffered] = useState<OfferedAccount[]>();
  const form = useForm<Credentials>({ initialValues: { email: search.get('email') ?? '', password: '' } });

  const signIn = useMutation({
    mutationFn: (given: Credentials & { account?: string }) => answer(api.POST('/v1/sign-in', { body: given })),
    onSuccess: (started) => {
      cache.clear();
      navigate(returnPath(search, started.account.id), { replace: true });
    },
    onError: (error) => {
      if (isProblem(error, 'account_required')) setOffered(error.extra.accounts as OfferedAccount[]);
      else if (isProblem(error, 'bad_credentials')) form.setFieldValue('password', '');
    },
  });

  if (offered) {
    return (
      <AccountChooser
        accounts={offered}
        wanted={search.get('return') ?? ''}
        busy={signIn.isPending}
        onChoose={(account) => signIn.mutate({ ...form.values, account })}
        onBack={() => setOffered(undefined)}
      />
    );
  }

  return (
    <CardPage
      title={t('signin.title')}
      aside={
        <>
          {t('signin.no_account')}{' '}
          <Anchor component={Link} to="/sign-up">
            {t('signin.sign_up')}
          </Anchor>
        </>
      }
    >
      <form onSubmit={form.onSubmit((given) => signIn.mutate(given))}>
        <Stack gap="md">
          {note && !signIn.error && <Alert color="gray">{note}</Alert>}
          {signIn.error && (
            <Alert color="red" role="alert">
              {sentence(signIn.error)}
            </Alert>
          )}
          <TextInput
            label={t('signin.email')}
            type="email"
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label={t('signin.password')}
            autoComplete="current-password"
            required
            withAsterisk={false}
            {...form.getInputProps('password')}
          />
          <Button type="submit" fullWidth loading={signIn.isPending}>
            {t('signin.submit')}
          </Button>
          <Anchor component={Link} to="/forgot" state={{ email: form.values.email }} ta="center">
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
