import { useTranslation } from 'react-i18next';
import type { Event } from '../api/schema';
import { useLookup } from '../language/lookup';

/**
 * What an event says, without its actor: "deactivated Jan de Vries". Where
 * somebody acted on themselves, or Tenure for them, the file may have words of
 * its own ("@self", "@system"). An
 * action that the language file does not know is shown by its own name.
 */
export function useEventSentence() {
  const { t } = useTranslation();
  const lookup = useLookup();

  const subjectOf = ({ subject, changes }: Event) => {
    const [, people] = changes.members ?? [];
    if (typeof people === 'number') return t('activity.people', { count: people });
    return subject.name || lookup(`subject.${subject.kind}`) || subject.kind;
  };

  const actorOf = ({ actor }: Pick<Event, 'actor'>) => {
    if (actor.kind === 'operator') return t('activity.operator');
    if (actor.kind === 'system') return t('activity.system');
    return actor.name || t('activity.former');
  };

  /** Nobody gives the place that somebody accepted: it is said of them, not of Tenure. */
  const accepted = ({ actor, action }: Event) => actor.kind === 'system' && action === 'member.add';

  /** Whom the sentence is about, in front of it. */
  const leadOf = (event: Event) => (accepted(event) ? subjectOf(event) : actorOf(event));

  const sentence = (event: Event): string => {
    const self = event.actor.kind === 'member' && event.actor.id === event.subject.id;
    const context = accepted(event) ? 'system' : self ? 'self' : undefined;
    return lookup(`event.${event.action}`, { subject: subjectOf(event), context }) ?? event.action;
  };

  return { actorOf, leadOf, sentence, subjectOf };
}
