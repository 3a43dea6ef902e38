import { useQueries, useQuery } from '@tanstack/react-query';
import { usePlace } from '../account/place';
import { isProblem } from '../api/problem';
import { modulesQuery, subAccountsQuery } from '../api/queries';
import type { Event } from '../api/schema';
import { useLookup } from '../language/lookup';
import { nameOf } from '../me/name';
import { memberQuery } from '../users/membersQuery';
import { useEventSentence } from './sentence';

/** The kinds of things that an id in the trail may stand for, by how it begins. */
const kinds: Record<string, string> = {
  acc: 'account',
  usr: 'user',
  mem: 'member',
  inv: 'invitation',
  dep: 'departure',
  ses: 'session',
  mod: 'module',
  sub: 'sub_account',
  key: 'key',
  crt: 'transaction',
  act: 'activity',
  bil: 'invoice',
  imp: 'import',
};

const id = /^([a-z]{2,4})_[0-9a-z]{10,}$/;
const anyId = /\b[a-z]{2,4}_[0-9a-z]{10,}\b/g;

/** What people call the things whose ids stand in an event; what is gone is said by its kind. */
export function useNames(event: Event): (text: string) => string | undefined {
  const lookup = useLookup();
  const { account } = usePlace();
  const { actorOf, subjectOf } = useEventSentence();
  const modules = useQuery(modulesQuery(account.id)).data ?? [];
  const subAccounts = useQuery(subAccountsQuery(account.id)).data ?? [];
  const named = new Map([...modules, ...subAccounts].map(({ id: one, name }) => [one, name]));
  // Who the event is about is named by it.
  named.set(event.actor.id, actorOf(event)).set(event.subject.id, subjectOf(event));

  const strangers = [...new Set(idsIn(event.changes))].filter((one) => one.startsWith('mem_') && !named.has(one));
  const people = useQueries({ queries: strangers.map((one) => memberQuery(account.id, one)) });
  for (const [place, { data, error }] of people.entries()) {
    const one = strangers[place];
    if (one && data) named.set(one, nameOf(data.data));
    else if (one && !isProblem(error, 'not_found')) named.set(one, '…');
  }

  return (text) => {
    const [, kind = ''] = id.exec(text) ?? [];
    return named.get(text) ?? (kinds[kind] && lookup(`subject.${kinds[kind]}`));
  };
}

function idsIn(value: unknown): string[] {
  // A decision stands in the trail in JSON, with ids inside.
  if (typeof value === 'string') return value.match(anyId) ?? [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(idsIn) : [];
}
