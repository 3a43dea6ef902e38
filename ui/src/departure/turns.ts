import { isProblem } from '../api/problem';
import type { Member } from '../api/schema';

/** Who is out already, without anybody having to end it. */
const out = ['member_inactive', 'not_found'];
/** What keeps one in, and nobody else: the others have their turn all the same. */
const ofOne = ['last_owner', 'rank_exceeded', 'departure_open', 'departure_over'];

/** Whose access did not end, and why. Whom nobody asked about is there as well, with why it went no further. */
interface StillIn {
  member: Member;
  error: unknown;
}

/** Ends the access of many, one after the other, and gives those it did not end of; `onTurn` is told how many had theirs. */
export async function suspendEach(
  members: readonly Member[],
  end: (member: Member) => Promise<unknown>,
  onTurn: (done: number) => void,
): Promise<StillIn[]> {
  const stillIn: StillIn[] = [];
  for (const [turn, member] of members.entries()) {
    onTurn(turn);
    try {
      await end(member);
    } catch (error) {
      if (isProblem(error, ...out)) continue;
      if (!isProblem(error, ...ofOne)) {
        return [...stillIn, ...members.slice(turn).map((left) => ({ member: left, error }))];
      }
      stillIn.push({ member, error });
    }
  }
  return stillIn;
}
