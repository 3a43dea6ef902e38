import { useTranslation } from 'react-i18next';
import type { Event } from '../api/schema';

/**
 * What an event says, without its actor: "deactivated Jan de Vries". Where
 * somebody acted on themselves the file may have words of its own ("@self"). An
 * action that the language file does not know is shown by its own name.
 */
export function useEventSentence() {
  const { t, i18n } = useTranslation();

  const subjectOf = ({ subject }: Event) =>
    subject.name ||
    (i18n.exists(`subject.${subject.kind}`) ? i18n.t(`subject.${subject.kind}` as never) : subject.kind);

  const actorOf = ({ actor }: Event) => {
    if (actor.kind === 'operator') return t('activity.operator');
    if (actor.kind === 'system') return t('activity.system');
    return actor.name || t('activity.former');
  };

  const sentence = (event: Event): string => {
    const key = `event.${event.action}`;
    if (!i18n.exists(key)) return event.action;
    const self = event.actor.kind === 'member' && event.actor.id === event.subject.id;
    return i18n.t(key as never, { subject: subjectOf(event), context: self ? 'self' : undefined });
  };

  return { actorOf, subjectOf, sentence };
}
