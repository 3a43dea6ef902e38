import type { ResourceHistory } from '../api/schema';

/** Something that happened to a resource, at one moment. */
export interface Happening {
  id: string;
  at: string;
  what: 'owned' | 'handed' | 'given_up' | 'assigned' | 'taken_off' | 'activity';
  /** Whom it is about, or who did it; nobody where a program noted what no member did. */
  person?: string;
  /** Of what was handed over: whose it was before. */
  before?: string;
  /** Of an activity. */
  kind?: string;
  note?: string;
}

/** Everything that was with a resource in one line of time, the newest first. */
export function happenings({ owners, assignments, activities }: ResourceHistory): Happening[] {
  const all: Happening[] = [];
  for (const [place, { member, member_name: person, from, to }] of owners.entries()) {
    const before = owners[place - 1];
    const handed = before?.to === from;
    const beginning = { id: `owner ${member} ${from}`, at: from, person };
    all.push(handed ? { ...beginning, what: 'handed', before: before.member_name } : { ...beginning, what: 'owned' });
    if (to && owners[place + 1]?.from !== to)
      all.push({ id: `left ${member} ${to}`, at: to, what: 'given_up', person });
  }
  for (const { member, member_name: person, from, to } of assignments) {
    all.push({ id: `on ${member} ${from}`, at: from, what: 'assigned', person });
    if (to) all.push({ id: `off ${member} ${to}`, at: to, what: 'taken_off', person });
  }
  for (const { id, kind, member, member_name: person, note, at } of activities) {
    all.push({ id, at, what: 'activity', kind, note, ...(member && { person }) });
  }
  // What happened in one moment stays in the order it was gathered in, turned round.
  return all
    .map((one, place) => ({ one, place, moment: Date.parse(one.at) }))
    .sort((a, b) => b.moment - a.moment || b.place - a.place)
    .map(({ one }) => one);
}
