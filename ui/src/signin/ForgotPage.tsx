import { Anchor, Button, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { useAsk } from '../api/ask';
import { answer, api } from '../api/client';
import { CardPage } from '../shell/CardPage';
import { Refused } from './Refused';

/** Asking for a link to set a new password. The answer never says who has an account. */
export default function ForgotPage() {
  const { t } = useTranslation();
  const given = useLocation().state as { email?: string } | null;
  const [email, setEmail] = useState(given?.email ?? '');
  const [sent, setSent] = useState(false);
  const forgot = useAsk({
    ask: () => answer(api.POST('/v1/password/forgot', { body: { email } })),
    onDone: () => setSent(true),
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void forgot.ask();
  };
  const back = (
    <Anchor component={Link} to="/sign-in">
      {t('joining.to_sign_in')}
    </Anchor>
  );

  if (sent)
    return (
      <CardPage key="sent" title={t('password.sent_title')} lead={t('password.sent_lead', { email })} aside={back} />
    );

  return (
    <CardPage title={t('password.forgot_title')} lead={t('password.forgot_lead')} aside={back}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Refused error={forgot.error} />
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
          <Button type="submit" fullWidth loading={forgot.busy}>
            {t('password.forgot_submit')}
          </Button>
        </Stack>
      </form>
    </CardPage>
  );
}
