import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useAsk } from '../api/ask';
import { answer, api } from '../api/client';
import { isProblem, type Problem } from '../api/problem';
import type { Challenge, Offer, Started } from '../api/schema';
import { useFormats } from '../language/formats';
import { useRoleName } from '../roles/roleName';
import { CardPage } from '../shell/CardPage';
import { NewPassword } from '../signin/NewPassword';
import { Password } from '../signin/Password';
import { Refused } from '../signin/Refused';
import { SecondStep } from '../signin/SecondStep';
import classes from './JoinPage.module.css';

interface JoinPageProps {
  token: string;
  offer: Offer;
  /** The invited person is signed in on this device, so one click joins. */
  signedIn: boolean;
  onWrongUser: (signedIn: string) => void;
  onDeclined: () => void;
}

/** `fresh` sets a password, `known` gives theirs, `unknown` may be either. */
type Person = 'fresh' | 'known' | 'unknown' | 'signed_in';

export function JoinPage({ token, offer, signedIn, onWrongUser, onDeclined }: JoinPageProps) {
  const { t } = useTranslation();
  const dates = useFormats();
  const navigate = useNavigate();
  const [given, setGiven] = useState({
    first_name: offer.first_name,
    last_name: offer.last_name,
    password: '',
    code: '',
  });
  // A copied link says neither who the person is nor that the mailbox is
  // theirs: it asks for a mailed code first, and for a password after it.
  const [codeAsked, setCodeAsked] = useState(false);
  const [codeAccepted, setCodeAccepted] = useState(false);
  const role = useRoleName()({ name: offer.role_name });
  const [refusal, setRefusal] = useState<unknown>();
  const person = personOf(offer, signedIn);
  const asksName = !offer.copied || codeAccepted || signedIn;
  const asksPassword = person !== 'signed_in' && (!offer.copied || codeAccepted);

  const [challenge, setChallenge] = useState<Challenge>();
  const enter = (started: Started) => navigate(`/a/${started.account.id}`, { replace: true });

  const accept = useAsk({
    ask: () => answer(api.POST('/v1/invitations/accept', { body: { token, ...filled(given) } })),
    onDone: (given) => ('challenge' in given ? setChallenge(given) : enter(given)),
    onRefused: (error) => {
      if (isProblem(error, 'wrong_user')) onWrongUser(String(error.extra.signed_in));
      const wantsCode = isProblem(error, 'verification_required');
      const wantsPassword = asksFor(error, 'password') && !given.password;
      if (wantsCode) setCodeAsked(true);
      if (wantsPassword) setCodeAccepted(true);
      // That a code or a password is needed is the next step, not a refusal.
      setRefusal(wantsCode || wantsPassword ? undefined : error);
    },
  });
  const decline = useAsk({
    ask: () => answer(api.POST('/v1/invitations/decline', { body: { token } })),
    onDone: onDeclined,
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void accept.ask();
  };
  const set = (field: keyof typeof given) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget;
    setGiven((before) => ({ ...before, [field]: value }));
  };

  if (challenge) return <SecondStep challenge={challenge} onIn={enter} onOver={() => setChallenge(undefined)} />;
  return (
    <CardPage
      account={{ name: offer.account, logo: offer.logo }}
      title={t('joining.title', { account: offer.account })}
      lead={offer.inviter ? t('joining.lead', { inviter: offer.inviter, role }) : t('joining.lead_nobody', { role })}
      aside={
        <Text component="span" fz="13px" title={dates.exact(offer.expires_at)}>
          {t('joining.valid', { until: dates.time(offer.expires_at) })}
        </Text>
      }
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          {offer.message && (
            <figure className={classes.message}>
              <figcaption>
                {offer.inviter ? t('joining.writes', { inviter: offer.inviter }) : t('joining.writes_nobody')}
              </figcaption>
              <blockquote>{offer.message}</blockquote>
            </figure>
          )}
          <TextInput
            label={t('signin.email')}
            value={offer.email}
            readOnly
            autoComplete="username"
            description={person === 'known' ? t('joining.known') : undefined}
          />
          <Refused error={refusal} />
          <Refused error={decline.error} />
          {codeAsked && !codeAccepted && (
            <TextInput
              label={t('joining.code')}
              description={t('joining.code_sent', { email: offer.email })}
              inputMode="numeric"
              autoComplete="one-time-code"
              pattern="[0-9]{6}"
              maxLength={6}
              autoFocus
              required
              withAsterisk={false}
              value={given.code}
              onChange={set('code')}
            />
          )}
          {asksName && (
            <div className={classes.names}>
              <TextInput
                label={t('founding.first_name')}
                autoComplete="given-name"
                required={person === 'fresh'}
                withAsterisk={false}
                value={given.first_name}
                onChange={set('first_name')}
              />
              <TextInput
                label={t('founding.last_name')}
                autoComplete="family-name"
                required={person === 'fresh'}
                withAsterisk={false}
                value={given.last_name}
                onChange={set('last_name')}
              />
            </div>
          )}
          {asksPassword && person === 'fresh' && <NewPassword value={given.password} onChange={set('password')} />}
          {asksPassword && person !== 'fresh' && (
            <Password
              label={t('signin.password')}
              description={person === 'unknown' ? t('joining.either_password') : undefined}
              autoComplete="current-password"
              required
              withAsterisk={false}
              value={given.password}
              onChange={set('password')}
            />
          )}
          <Button type="submit" fullWidth loading={accept.busy}>
            {offer.copied && !codeAsked
              ? t('joining.mail_code')
              : t(`joining.submit_${person}`, { account: offer.account })}
          </Button>
          <div className={classes.others}>
            {person === 'known' && (
              <Anchor component={Link} to="/forgot" state={{ email: offer.email }}>
                {t('signin.forgot')}
              </Anchor>
            )}
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              loading={decline.busy}
              onClick={() => decline.ask()}
            >
              {t('joining.decline')}
            </Button>
          </div>
        </Stack>
      </form>
    </CardPage>
  );
}

function personOf(offer: Offer, signedIn: boolean): Person {
  if (signedIn) return 'signed_in';
  if (offer.registered === null) return 'unknown';
  return offer.registered ? 'known' : 'fresh';
}

/** What was filled in; the server takes a field that is not there for "not given". */
function filled<Fields extends Record<string, string>>(given: Fields): Partial<Fields> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')) as Partial<Fields>;
}

const asksFor = (error: unknown, field: string): error is Problem =>
  isProblem(error, 'invalid') && error.errors.some((wrong) => wrong.field === field);
