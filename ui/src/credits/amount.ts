import type { Wallet } from './moving';

/** As many as an account can ever have. */
const most = 1_000_000_000_000_000;

/**
 * How many credits somebody wrote, in whole credits: digits alone, spaces aside.
 * What could be read in two ways ("1.000") is not guessed at.
 */
export function amountOf(written: string): number | undefined {
  const digits = written.replace(/\s/g, '');
  return /^\d{1,16}$/.test(digits) ? Number(digits) : undefined;
}

interface Attempt {
  from: Pick<Wallet, 'id' | 'credits'>;
  to: Pick<Wallet, 'id'> | undefined;
  written: string;
}

interface Wrong {
  field: 'to' | 'amount';
  code: 'required' | 'malformed' | 'out_of_range' | 'same' | 'insufficient';
}

/** The first thing in the way of a move, under the codes of the API; nothing if it can be sent. */
export function wrongWith({ from, to, written }: Attempt): Wrong | undefined {
  const amount = amountOf(written);
  if (!to) return { field: 'to', code: 'required' };
  if (to.id === from.id) return { field: 'to', code: 'same' };
  if (written.trim() === '') return { field: 'amount', code: 'required' };
  if (amount === undefined) return { field: 'amount', code: 'malformed' };
  if (amount < 1 || amount > most) return { field: 'amount', code: 'out_of_range' };
  return amount > from.credits ? { field: 'amount', code: 'insufficient' } : undefined;
}
