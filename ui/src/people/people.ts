import { useQueries } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { isProblem } from '../api/problem';
import type { Member } from '../api/schema';
import { nameOf } from '../me/name';
import { memberQuery } from '../users/membersQuery';

/** What to call the members of these ids; those who are known already are not asked for. */
export function usePeople(ids: readonly string[], known: readonly Member[] = []): (id: string) => string {
  const { t } = useTranslation();
  const { account } = usePlace();
  const names = new Map(known.map((member) => [member.id, nameOf(member)]));
  const strangers = [...new Set(ids)].filter((id) => !names.has(id));
  const read = useQueries({ queries: strangers.map((id) => memberQuery(account.id, id)) });
  for (const [place, { data, error }] of read.entries()) {
    const id = strangers[place] ?? '';
    if (data) names.set(id, nameOf(data.data));
    else if (error && !isProblem(error, 'not_found')) names.set(id, id);
    else if (error) names.set(id, t('activity.former'));
  }
  return (id) => names.get(id) ?? '…';
}
