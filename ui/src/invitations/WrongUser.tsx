import { Button, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useAsk } from '../api/ask';
import { answer, api } from '../api/client';
import type { Offer } from '../api/schema';
import { CardPage } from '../shell/CardPage';
import { Refused } from '../signin/Refused';
import classes from './WrongUser.module.css';

interface WrongUserProps {
  offer: Offer;
  signedIn: string;
  onSignedOut: () => void;
}

/** The invitation is for another address than the one signed in here. It stays open. */
export function WrongUser({ offer, signedIn, onSignedOut }: WrongUserProps) {
  const { t } = useTranslation();
  const leave = useAsk({ ask: () => answer(api.POST('/v1/sign-out')), onDone: onSignedOut });

  return (
    <CardPage
      account={{ name: offer.account, logo: offer.logo }}
      title={t('joining.wrong_title')}
      lead={t('joining.wrong_lead', { account: offer.account })}
    >
      <Stack gap="md">
        <dl className={classes.addresses}>
          <dt>{t('joining.invited')}</dt>
          <dd>{offer.email}</dd>
          <dt>{t('joining.signed_in')}</dt>
          <dd>{signedIn}</dd>
        </dl>
        <Refused error={leave.error} />
        <Button loading={leave.busy} onClick={() => leave.ask()}>
          {t('joining.sign_out')}
        </Button>
        <Button component="a" href="/" variant="subtle">
          {t('joining.stay')}
        </Button>
      </Stack>
    </CardPage>
  );
}
