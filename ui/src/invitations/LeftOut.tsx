import { Button, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import type { InviteResult } from '../api/schema';
import { ToBilling } from '../billing/ToBilling';
import { useFormats } from '../language/formats';
import { useToast } from '../shell/toast';
import { useDialogs } from '../users/dialog';
import { memberQuery } from '../users/membersQuery';
import { useInvitationMoves } from './invitationMoves';
import classes from './Sent.module.css';
import type { Sending } from './sending';

type Verdict = Exclude<InviteResult['verdict'], 'invited'>;

/** Those that can be helped first. */
const order: readonly Verdict[] = [
  'inactive_member',
  'already_invited',
  'over_seat_limit',
  'invalid',
  'disposable',
  'already_member',
  'duplicate',
];

/** How many addresses are shown of each verdict; the file has them all. */
const shown = 100;

/** Who was not invited, why, and what can be done about it. */
export function LeftOut({ sending: { results, terms } }: { sending: Sending }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const open = useDialogs();
  const groups = order
    .map((verdict) => ({ verdict, group: results.filter((result) => result.verdict === verdict) }))
    .filter(({ group }) => group.length > 0);

  return (
    <div>
      {groups.map(({ verdict, group }) => (
        <section key={verdict} className={classes.verdict}>
          <Title order={3}>
            {t(`invite.verdict.${verdict}`, { count: group.length, formatted: number(group.length) })}
          </Title>
          <Text size="sm" c="dimmed">
            {t(`invite.why.${verdict}`)}
          </Text>
          {verdict === 'over_seat_limit' && <ToBilling />}
          {verdict === 'invalid' && (
            <Button
              size="compact-sm"
              variant="default"
              mt={4}
              onClick={() => {
                const emails = group.map(({ email }) => email);
                open({ kind: 'invite', again: { emails, terms, back: { kind: 'sent' } } });
              }}
            >
              {t('invite.correct', { count: group.length, formatted: number(group.length) })}
            </Button>
          )}
          <ul className={classes.addresses}>
            {group.slice(0, shown).map((result, place) => (
              // The same address may stand there twice.
              // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
              <li key={place} className={classes.address}>
                <span className={classes.email} title={result.email}>
                  {result.email}
                </span>
                <WayOn result={result} />
              </li>
            ))}
            {group.length > shown && (
              <li className={classes.address}>{t('invite.more_wrong', { more: number(group.length - shown) })}</li>
            )}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** The one thing to do about an address that was left out. */
function WayOn({ result }: { result: InviteResult }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const cache = useQueryClient();
  const open = useDialogs();
  const toast = useToast();
  const { resend } = useInvitationMoves();
  const { email, invitation, member } = result;
  const small = { size: 'compact-sm', variant: 'default' } as const;

  if (result.verdict === 'already_invited' && invitation) {
    return (
      <Button
        {...small}
        loading={resend.isPending}
        disabled={resend.isSuccess}
        aria-label={t('pending.resend_to', { email })}
        onClick={() => resend.mutate(invitation)}
      >
        {t('pending.resend')}
      </Button>
    );
  }
  if (result.verdict === 'inactive_member' && member) {
    const activate = () => {
      cache
        .fetchQuery(memberQuery(account.id, member))
        .then(({ data }) => open({ kind: 'return', member: data, after: { kind: 'sent' } }), toast.refused);
    };
    return (
      <Button {...small} aria-label={t('departure.return', { name: email })} onClick={activate}>
        {t('users.activate')}
      </Button>
    );
  }
  return null;
}
