import { useTranslation } from 'react-i18next';
import type { CreditEntry } from '../api/schema';
import { useFormats } from '../language/formats';
import { useWalletName } from './wallet';

/** An entry of the ledger in words, whichever of its two sides it is. */
export function useEntryWords() {
  const { t } = useTranslation();
  const { number } = useFormats();
  const called = useWalletName();

  const sentence = (entry: CreditEntry): string => {
    const one = called(entry.wallet, entry.wallet_name);
    const other = called(entry.other, entry.other_name);
    const [from, to] = entry.amount < 0 ? [one, other] : [other, one];
    const count = Math.abs(entry.amount);
    const told = { count, formatted: number(count), from, to, record: entry.record ?? '' };
    return t(`credits.entry.${entry.kind}`, told);
  };

  /** Who did it, unless the sentence says so, and what they noted. */
  const note = ({ by, kind, wallet, other, note: noted }: CreditEntry): string => {
    const self = kind === 'download' && (by.id === wallet || by.id === other);
    const context = by.kind === 'operator' || by.kind === 'system' ? by.kind : undefined;
    const who = self ? '' : t('credits.by', { name: called(by.id, by.name), context });
    return [who, noted].filter(Boolean).join(' · ');
  };

  /** "+40" or "−1": what it did to the wallet of the entry. */
  const change = ({ amount }: CreditEntry): string => `${amount < 0 ? '−' : '+'}${number(Math.abs(amount))}`;

  return { sentence, note, change };
}
