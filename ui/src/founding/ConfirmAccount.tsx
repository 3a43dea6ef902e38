import { Button, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useAsk } from '../api/ask';
import { answer, api } from '../api/client';
import type { Challenge, Started } from '../api/schema';
import { CardPage } from '../shell/CardPage';
import { BadLink, isOver } from '../signin/BadLink';
import { NewPassword } from '../signin/NewPassword';
import { Refused } from '../signin/Refused';
import { SecondStep } from '../signin/SecondStep';

/** Making the account that was asked for: its administrator chooses a password and is in. */
export function ConfirmAccount({ token }: { token: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [password, setPassword] = useState('');
  const [challenge, setChallenge] = useState<Challenge>();
  const enter = (started: Started) => navigate(`/a/${started.account.id}`, { replace: true });
  const confirm = useAsk({
    ask: () => answer(api.POST('/v1/sign-up/confirm', { body: { token, password } })),
    onDone: (given) => ('challenge' in given ? setChallenge(given) : enter(given)),
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void confirm.ask();
  };

  if (challenge) return <SecondStep challenge={challenge} onIn={enter} onOver={() => setChallenge(undefined)} />;
  if (isOver(confirm.error)) return <BadLink error={confirm.error} />;
  return (
    <CardPage title={t('founding.confirm_title')} lead={t('founding.confirm_lead')}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Refused error={confirm.error} />
          <NewPassword autoFocus value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
          <Button type="submit" fullWidth loading={confirm.busy}>
            {t('founding.confirm_submit')}
          </Button>
        </Stack>
      </form>
    </CardPage>
  );
}
