import { useQueries } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { isProblem } from '../api/problem';
import type { Named } from '../api/schema';
import { nameOf } from '../me/name';
import { memberQuery } from '../users/membersQuery';

/** What stands for somebody whose name is not known yet. */
const unknown = '…';

/** What to call those whom an answer names; who was erased has no name any more. */
export function useNamed(people: readonly Named[]): (id: string) => string {
  const { t } = useTranslation();
  const names = new Map(people.map(({ member, name }) => [member, name || t('activity.former')]));
  return (id) => names.get(id) ?? unknown;
}

/** What to call the members of these ids, each of whom is asked for; those whom an answer names already are not. */
export function usePeople(ids: readonly string[], people: readonly Named[] = []): (id: string) => string {
  const { t } = useTranslation();
  const { account } = usePlace();
  const named = useNamed(people);
  const strangers = [...new Set(ids)].filter((id) => !people.some(({ member }) => member === id));
  const read = useQueries({ queries: strangers.map((id) => memberQuery(account.id, id)) });
  return (id) => {
    const asked = read[strangers.indexOf(id)];
    if (!asked) return named(id);
    if (asked.data) return nameOf(asked.data.data);
    return isProblem(asked.error, 'not_found') ? t('activity.former') : unknown;
  };
}
