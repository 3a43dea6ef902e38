import { Button, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { placesQuery } from '../api/queries';
import type { OwnPlace } from '../api/schema';
import { ListProblem } from '../list/ListProblem';
import { Mark } from '../shell/Mark';
import { Section } from '../shell/Section';
import { useSwitch } from '../shell/switch';
import { useToast } from '../shell/toast';
import classes from './AccountsView.module.css';

/** Every account the reader has a place in. */
export function AccountsView() {
  const { t } = useTranslation();
  const places = useQuery(placesQuery);

  if (places.error) return <ListProblem error={places.error} retry={places.refetch} />;
  return (
    <Section title={t('shell.my_accounts')} lead={t('me.accounts_lead')}>
      {places.data ? (
        <ul className={classes.list}>
          {places.data.map((place) => (
            <PlaceRow key={place.account.id} place={place} />
          ))}
        </ul>
      ) : (
        <Skeleton h={120} />
      )}
    </Section>
  );
}

function PlaceRow({ place: { account, status, current } }: { place: OwnPlace }) {
  const { t } = useTranslation();
  const toast = useToast();
  const switchTo = useSwitch();
  return (
    <li className={classes.place}>
      <Mark account={account} size={32} />
      <Text fw={500} className={classes.name}>
        {account.name}
      </Text>
      {current && <Text c="dimmed">{t('me.here')}</Text>}
      {!current && status !== 'active' && <Text c="dimmed">{t('me.no_access')}</Text>}
      {!current && status === 'active' && (
        <Button
          variant="default"
          size="xs"
          loading={switchTo.isPending}
          aria-label={t('other.switch', { account: account.name })}
          onClick={() => switchTo.mutate(account.id, { onError: toast.refused })}
        >
          {t('me.switch')}
        </Button>
      )}
    </li>
  );
}
