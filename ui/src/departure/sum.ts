import type { Effect } from '../api/schema';

/**
 * The effects on several people as one list: those of one kind, that go to the
 * same place and in the same currency, added up. How an amount came about is
 * different for each, and is told only of one.
 */
export function summed(effects: readonly Effect[]): Effect[] {
  const sums = new Map<string, Effect>();
  for (const effect of effects) {
    const key = [effect.kind, effect.to, effect.currency, effect.reason].join(' ');
    const sum = sums.get(key);
    sums.set(key, sum ? added(sum, effect) : effect);
  }
  return [...sums.values()];
}

function added(sum: Effect, { count, amount }: Effect): Effect {
  const { formula: _formula, share: _share, ...rest } = sum;
  return {
    ...rest,
    ...(count !== undefined && { count: (sum.count ?? 0) + count }),
    ...(amount !== undefined && { amount: (sum.amount ?? 0) + amount }),
  };
}
