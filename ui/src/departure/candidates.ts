import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { usePlace } from '../account/place';
import type { Member } from '../api/schema';
import { nameOf } from '../me/name';
import { foundQuery } from '../users/membersQuery';

/** One to choose. */
export interface Choice {
  value: string;
  label: string;
}

const choiceOf = (member: Member): Choice => ({ value: member.id, label: `${nameOf(member)} · ${member.email}` });

/** Whom something can go to: active, registered people who stay, found by name or address. */
export function useCandidates(search: string, leaving: readonly string[]): Choice[] {
  const { account } = usePlace();
  // What was chosen stands in the box as "name · address": the address finds it again.
  const typed = search.split(' · ').at(-1)?.trim() ?? '';
  const [wanted] = useDebouncedValue(typed, 200);
  const found = useQuery(foundQuery(account.id, { q: wanted, active: true }));
  return (found.data ?? []).filter((one) => one.registered_at && !leaving.includes(one.id)).map(choiceOf);
}
