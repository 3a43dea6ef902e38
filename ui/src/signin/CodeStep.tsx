import { Button, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAsk } from '../api/ask';
import { answer, api } from '../api/client';
import { isProblem } from '../api/problem';
import type { Challenge, Started } from '../api/schema';
import { CardPage } from '../shell/CardPage';
import { Note } from './Note';
import { Refused } from './Refused';

interface CodeStepProps {
  challenge: Challenge;
  onIn: (started: Started) => void;
}

/** The code of the second factor, after the right password. */
export function CodeStep({ challenge, onIn }: CodeStepProps) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const proof = useAsk({
    ask: () => answer(api.POST('/v1/sign-in/totp', { body: { challenge: challenge.challenge, code } })),
    onDone: onIn,
    onRefused: () => setCode(''),
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void proof.ask();
  };

  return (
    <CardPage title={t('code.title')} lead={t('code.lead')}>
      <form onSubmit={submit}>
        <Stack gap="md">
          {isProblem(proof.error, 'bad_credentials') ? (
            <Note tone="refused">{t('code.wrong')}</Note>
          ) : (
            <Refused error={proof.error} />
          )}
          <TextInput
            label={t('code.label')}
            autoComplete="one-time-code"
            autoFocus
            required
            withAsterisk={false}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          <Button type="submit" fullWidth loading={proof.busy}>
            {t('code.submit')}
          </Button>
        </Stack>
      </form>
    </CardPage>
  );
}
