import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { profileQuery } from '../api/queries';
import { nameOf } from '../me/name';
import { useRoleName } from '../roles/roleName';
import { Mark } from '../shell/Mark';
import { useRights } from '../users/rights';
import classes from './MailPreview.module.css';
import type { Terms } from './sending';

/** The texts of the invitation mail, as internal/mail fills them. */
interface Letter {
  writes: string;
  details: { role: string };
  /** A moment in words, in UTC as the mail has it: who writes does not know the zone of who reads. */
  date: string;
  weekdays: Record<string, string>;
  months: Record<string, string>;
  invitation: Record<'subject' | 'title' | 'lead' | 'button' | 'until' | 'note', string>;
}

const files = import.meta.glob<Letter>('../../../internal/language/*.json', {
  query: '?part=letters',
  import: 'default',
});

async function letterIn(locale: string): Promise<Letter | null> {
  const load = Object.entries(files).find(([path]) => path.endsWith(`/${locale}.json`))?.[1];
  return load ? load() : null;
}

const filled = (text: string, facts: Record<string, string>) =>
  text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => facts[name] ?? '');

const dated = ({ date, weekdays, months }: Letter, at: Date) =>
  filled(date, {
    weekday: weekdays[at.getUTCDay()] ?? '',
    day: String(at.getUTCDate()),
    month: months[at.getUTCMonth() + 1] ?? '',
    year: String(at.getUTCFullYear()),
    time: at.toISOString().slice(11, 16),
  });

/** What the invited will read, in the language they will read it in. */
export default function MailPreview({ terms }: { terms: Terms }) {
  const { t } = useTranslation();
  const { account, session } = usePlace();
  const { roles } = useRights();
  const roleName = useRoleName();
  const profile = useQuery(profileQuery).data;
  const letter = useQuery({
    queryKey: ['letter', terms.locale],
    queryFn: () => letterIn(terms.locale),
    staleTime: Number.POSITIVE_INFINITY,
  }).data;
  if (!letter) return null;

  const role = roles.find((one) => one.key === terms.role);
  const until = new Date(Date.now() + account.policy.invitation_ttl * 1000);
  const facts = {
    account: account.name,
    inviter: profile ? nameOf(profile) : session.email,
    until: dated(letter, until),
  };
  const say = (text: string) => filled(text, facts);

  return (
    <article className={classes.mail} aria-label={t('invite.preview_label')} lang={terms.locale}>
      <p className={classes.subject}>{say(letter.invitation.subject)}</p>
      <div className={classes.sheet}>
        <Mark account={account} size={28} />
        <p className={classes.title}>{say(letter.invitation.title)}</p>
        <p>{say(letter.invitation.lead)}</p>
        {terms.message.trim() && (
          <blockquote className={classes.message}>
            <p>{say(letter.writes)}</p>
            {terms.message}
          </blockquote>
        )}
        {role && (
          <p>
            {letter.details.role}: <strong>{roleName(role)}</strong>
          </p>
        )}
        <p>
          <span className={classes.button}>{letter.invitation.button}</span>
        </p>
        <p className={classes.quiet}>{say(letter.invitation.until)}</p>
        <p className={classes.quiet}>{letter.invitation.note}</p>
      </div>
    </article>
  );
}
