import { Button, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useAsk } from '../api/ask';
import { answer, api } from '../api/client';
import { CardPage } from '../shell/CardPage';
import { BadLink, isOver } from './BadLink';
import { NewPassword } from './NewPassword';
import { Refused } from './Refused';
import { useToken } from './token';

/** Choosing a new password, by a mailed link. */
export default function ResetPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const token = useToken();
  const [password, setPassword] = useState('');
  const reset = useAsk({
    ask: () => answer(api.POST('/v1/password/reset', { body: { token, password } })),
    onDone: () => navigate('/sign-in', { replace: true, state: { done: 'password' } }),
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void reset.ask();
  };

  if (!token || isOver(reset.error)) return <BadLink error={reset.error} />;
  return (
    <CardPage title={t('password.reset_title')} lead={t('password.reset_lead')}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Refused error={reset.error} />
          <NewPassword autoFocus value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
          <Button type="submit" fullWidth loading={reset.busy}>
            {t('password.reset_submit')}
          </Button>
        </Stack>
      </form>
    </CardPage>
  );
}
