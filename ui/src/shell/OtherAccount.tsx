import { Button, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { placesQuery } from '../api/queries';
import type { Session } from '../api/schema';
import { Refused } from '../signin/Refused';
import { CardPage } from './CardPage';
import { CardSkeleton } from './CardSkeleton';
import { Refusal } from './Refusal';
import { useSwitch } from './switch';

/** A link into an account that the reader is not signed in to at the moment. */
export function OtherAccount({ session, wanted }: { session: Session; wanted: string }) {
  const { t } = useTranslation();
  const here = useLocation();
  const places = useQuery(placesQuery);
  const switchTo = useSwitch(here.pathname + here.search);
  const place = places.data?.find(({ account }) => account.id === wanted);

  if (places.error) return <Refusal error={places.error} retry={places.refetch} />;
  if (places.isPending) return <CardSkeleton />;
  return (
    <CardPage
      account={place?.account}
      title={place ? t('other.title', { account: place.account.name }) : t('other.none_title')}
      lead={place ? t('other.lead') : t('other.none_lead', { email: session.email })}
    >
      <Stack gap="sm">
        <Refused error={switchTo.error} />
        {place && (
          <Button loading={switchTo.isPending} onClick={() => switchTo.mutate(wanted)}>
            {t('other.switch', { account: place.account.name })}
          </Button>
        )}
        <Button component={Link} to={`/a/${session.account_id}`} variant={place ? 'subtle' : 'filled'}>
          {t('other.back')}
        </Button>
      </Stack>
    </CardPage>
  );
}
