import type { Departure } from '../api/schema';

/** Whether it waits for its time. */
export const waits = ({ state, under_way }: Departure) => state === 'scheduled' && !under_way;

// In milliseconds. What the reader's clock is wrong by makes nobody ask without a pause.
const shortest = 5_000;
const longest = 3_600_000;

/**
 * After how many milliseconds a departure is worth looking at again; false while
 * nothing happens to it by itself. What is under way is looked at the less often
 * the more there are; what waits when its time has come, and what can be undone
 * when it no longer can.
 */
export function nextLook(departure: Departure, now: number): number | false {
  const { under_way, undoable, member_count, at, undo_until } = departure;
  if (under_way) return 1_000 + 10 * member_count;
  const turn = waits(departure) ? at : undoable ? undo_until : undefined;
  return turn ? Math.min(longest, Math.max(shortest, Date.parse(turn) - now)) : false;
}

/** After how many milliseconds the first of several is worth looking at again. */
export function firstLook(departures: readonly Departure[], now: number): number | false {
  const looks = departures.map((one) => nextLook(one, now)).filter((look) => look !== false);
  return looks.length > 0 && Math.min(...looks);
}
