import { Button, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useAsk } from '../api/ask';
import { answer, api } from '../api/client';
import { CardPage } from '../shell/CardPage';
import { BadLink, isOver } from './BadLink';
import { Refused } from './Refused';
import { useToken } from './token';

/** Confirming a new e-mail address from its mailbox. Opening the link changes nothing yet. */
export default function ConfirmPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const token = useToken();
  const confirm = useAsk({
    ask: () => answer(api.POST('/v1/email/confirm', { body: { token } })),
    onDone: () => navigate('/sign-in', { replace: true, state: { done: 'email' } }),
  });

  if (!token || isOver(confirm.error)) return <BadLink error={confirm.error} />;
  return (
    <CardPage title={t('joining.confirm_title')} lead={t('joining.confirm_lead')}>
      <Stack gap="md">
        <Refused error={confirm.error} />
        <Button loading={confirm.busy} onClick={() => confirm.ask()}>
          {t('joining.confirm_submit')}
        </Button>
      </Stack>
    </CardPage>
  );
}
