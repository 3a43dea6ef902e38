import { Button, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { placesQuery } from '../api/queries';
import { FactorSetup } from '../me/FactorSetup';
import { Refused } from '../signin/Refused';
import { CardPage } from './CardPage';
import { CardSkeleton } from './CardSkeleton';
import { Refusal } from './Refusal';
import { useSignOut } from './signOut';

/** What an account that requires a second factor shows to whoever has none. `onDone` goes on to the page that was wanted. */
export default function RequiredFactor({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const leave = useSignOut();
  const places = useQuery(placesQuery);
  const account = places.data?.find(({ current }) => current)?.account;
  if (places.error) return <Refusal error={places.error} retry={places.refetch} />;
  if (!account) return <CardSkeleton />;
  return (
    <CardPage
      account={account}
      title={t('factor.required_title')}
      lead={t('factor.required_lead', { account: account.name })}
    >
      <Stack gap="md">
        <FactorSetup onward={t('factor.required_go_on')} onDone={onDone} />
        <Refused error={leave.error} />
        <Button variant="subtle" color="gray" loading={leave.isPending} onClick={() => leave.mutate()}>
          {t('shell.sign_out')}
        </Button>
      </Stack>
    </CardPage>
  );
}
