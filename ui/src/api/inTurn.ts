import { patiently } from './patiently';

/** What was not done, and why. */
export interface Missed<T> {
  one: T;
  error: unknown;
}

/** Does one after the other, so that one that is refused holds up no other, and gives back those that were. */
export async function inTurn<T>(
  all: readonly T[],
  move: (one: T) => Promise<unknown>,
  onProgress: (done: number) => void = () => {},
): Promise<Missed<T>[]> {
  const missed: Missed<T>[] = [];
  for (const [place, one] of all.entries()) {
    try {
      await patiently(() => move(one));
    } catch (error) {
      missed.push({ one, error });
    }
    onProgress(place + 1);
  }
  return missed;
}
