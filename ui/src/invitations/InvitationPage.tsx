import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAsk } from '../api/ask';
import { answer, api } from '../api/client';
import { isProblem } from '../api/problem';
import type { Me, Offer } from '../api/schema';
import { CardPage } from '../shell/CardPage';
import { CardSkeleton } from '../shell/CardSkeleton';
import { Refusal } from '../shell/Refusal';
import { BadLink } from '../signin/BadLink';
import { useToken } from '../signin/token';
import { useAccent } from '../theme/brand';
import { JoinPage } from './JoinPage';
import { WrongUser } from './WrongUser';

interface Opened {
  offer: Offer;
  /** The address that is signed in on this device; empty for nobody. */
  signedIn: string;
}

/** What a mailed or copied invitation offers, and the way in. Looking changes nothing. */
export default function InvitationPage() {
  const { t } = useTranslation();
  const token = useToken();
  const [opened, setOpened] = useState<Opened>();
  const [declined, setDeclined] = useState(false);
  const { ask, error } = useAsk({ ask: () => open(token), onDone: setOpened });

  useAccent(opened?.offer.accent);
  useEffect(() => {
    if (token) void ask();
  }, [token, ask]);

  if (isProblem(error, 'unreachable', 'internal', 'unavailable')) return <Refusal error={error} retry={ask} />;
  if (!token || error !== undefined) return <BadLink error={error} />;
  if (!opened) return <CardSkeleton />;

  const { offer, signedIn } = opened;
  const account = { name: offer.account, logo: offer.logo };
  if (declined) {
    return (
      <CardPage
        key="declined"
        account={account}
        title={t('joining.declined_title')}
        lead={t('joining.declined_lead')}
      />
    );
  }
  if (signedIn && !same(signedIn, offer.email)) {
    return <WrongUser offer={offer} signedIn={signedIn} onSignedOut={() => setOpened({ offer, signedIn: '' })} />;
  }
  return (
    <JoinPage
      token={token}
      offer={offer}
      signedIn={signedIn !== ''}
      onWrongUser={(other) => setOpened({ offer, signedIn: other })}
      onDeclined={() => setDeclined(true)}
    />
  );
}

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

async function open(token: string): Promise<Opened> {
  const [offer, me] = await Promise.all([
    answer(api.POST('/v1/invitations/inspect', { body: { token } })),
    whoIsSignedIn(),
  ]);
  if (!me) return { offer, signedIn: '' };
  // Whoever is signed in brings their name along to the new place.
  const named = same(me.email, offer.email) && !offer.first_name && !offer.last_name;
  const { first_name, last_name } = named ? me : offer;
  return { offer: { ...offer, first_name, last_name }, signedIn: me.email };
}

async function whoIsSignedIn(): Promise<Me | undefined> {
  try {
    return await answer(api.GET('/v1/me'));
  } catch (error) {
    if (isProblem(error, 'unauthenticated')) return undefined;
    throw error;
  }
}
