import { useTranslation } from 'react-i18next';
import type { Event } from '../api/schema';
import { useLookup } from '../language/lookup';

/**
 * What an event says, without its actor: "deactivated Jan de Vries". Where
 * somebody acted on themselves the file may have words of its own ("@self"). An
 * action that the language file does not know is shown by its own name.
 */
export function useEventSentence() {
  const { t } = useTranslation();
  const lookup = useLookup();

  const subjectOf = ({ subject }: Event) => subject.name || lookup(`subject.${subject.kind}`) || subject.kind;

  const actorOf = ({ actor }: Pick<Event, 'actor'>) => {
    if (actor.kind === 'operator') return t('activity.operator');
    if (actor.kind === 'system') return t('activity.system');
    return actor.name || t('activity.former');
  };

  const sentence = (event: Event): string => {
    const self = event.actor.kind === 'member' && event.actor.id === event.subject.id;
    const words = { subject: subjectOf(event), context: self ? 'self' : undefined };
    return lookup(`event.${event.action}`, words) ?? event.action;
  };

  return { actorOf, subjectOf, sentence };
}
