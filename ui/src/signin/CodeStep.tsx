import { Button, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAsk } from '../api/ask';
import { answer, api } from '../api/client';
import { isProblem } from '../api/problem';
import type { Challenge } from '../api/schema';
import { CardPage } from '../shell/CardPage';
import { Note } from './Note';
import { Refused } from './Refused';
import type { SecondStepProps } from './SecondStep';

type Method = Challenge['methods'][number];

/** The second factor, after the right password. */
export default function CodeStep({ challenge, onIn, onOver }: SecondStepProps) {
  const { t } = useTranslation();
  // Who was let past a lost device is here because of it.
  const [method, setMethod] = useState<Method>(challenge.methods.includes('mailed_code') ? 'mailed_code' : 'totp');
  const [code, setCode] = useState('');
  const proof = useAsk({
    ask: () => answer(api.POST('/v1/sign-in/totp', { body: { challenge: challenge.challenge, code: code.trim() } })),
    onDone: onIn,
    onRefused: () => setCode(''),
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void proof.ask();
  };
  const turnTo = (other: Method) => {
    setMethod(other);
    setCode('');
  };

  if (isProblem(proof.error, 'token_used', 'token_expired')) {
    return (
      <CardPage title={t('code.over_title')} lead={t('code.over_lead')}>
        <Button fullWidth onClick={onOver}>
          {t('code.again')}
        </Button>
      </CardPage>
    );
  }
  return (
    <CardPage
      title={t('code.title')}
      lead={t(`code.${method}_lead`)}
      aside={
        !challenge.methods.includes('mailed_code') && (
          <Text component="span" fz="13px">
            {t('code.lost')}
          </Text>
        )
      }
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          {isProblem(proof.error, 'bad_credentials') ? (
            <Note tone="refused">{t('code.wrong')}</Note>
          ) : (
            <Refused error={proof.error} />
          )}
          <TextInput
            key={method}
            label={t(`code.${method}_label`)}
            inputMode={method === 'recovery_code' ? 'text' : 'numeric'}
            autoComplete={method === 'recovery_code' ? 'off' : 'one-time-code'}
            autoCapitalize="none"
            spellCheck={false}
            maxLength={40}
            autoFocus
            required
            withAsterisk={false}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          <Button type="submit" fullWidth loading={proof.busy}>
            {t('code.submit')}
          </Button>
          <Stack gap={4} align="center">
            {method === 'mailed_code' && <MailAgain challenge={challenge} />}
            {challenge.methods
              .filter((other) => other !== method)
              .map((other) => (
                <Button key={other} variant="subtle" color="gray" size="compact-sm" onClick={() => turnTo(other)}>
                  {t(`code.use_${other}`)}
                </Button>
              ))}
          </Stack>
        </Stack>
      </form>
    </CardPage>
  );
}

/** Another mailed code, for whom the first one came too late. */
function MailAgain({ challenge }: { challenge: Challenge }) {
  const { t } = useTranslation();
  const [sent, setSent] = useState(false);
  const mail = useAsk({
    ask: () => answer(api.POST('/v1/sign-in/totp/mail-code', { body: { challenge: challenge.challenge } })),
    onDone: () => setSent(true),
  });
  return (
    <>
      <Refused error={mail.error} />
      {sent && <Note tone="done">{t('code.mailed')}</Note>}
      <Button variant="subtle" color="gray" size="compact-sm" loading={mail.busy} onClick={() => mail.ask()}>
        {t('code.mail_again')}
      </Button>
    </>
  );
}
