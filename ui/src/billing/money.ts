import { useTranslation } from 'react-i18next';
import type { Effect, InvoiceLine, Share } from '../api/schema';
import { useFormats } from '../language/formats';

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/**
 * Money as the reader writes it, and how an amount came about. Amounts are in
 * minor units of their currency, as everywhere in the API.
 */
export function useMoney() {
  const { t } = useTranslation();
  const { locale, number } = useFormats();

  const amount = (minor: number, currency: string): string => {
    const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
    return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
  };

  /** "14 days 12 hr": a length of time to the second. */
  const span = (seconds: number): string => {
    let left = seconds;
    const said: string[] = [];
    for (const [unit, length] of units) {
      const whole = Math.floor(left / length);
      left -= whole * length;
      if (whole === 0 && (unit !== 'second' || said.length > 0)) continue;
      const words = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(whole);
      said.push(words.replaceAll(' ', '\u00a0'));
    }
    return said.join(' ');
  };

  const share = ({ price, seconds, period_seconds }: Share, result: number, currency: string): string => {
    const whole = seconds === period_seconds;
    const words = { price: amount(price, currency), result: amount(result, currency) };
    if (whole) return t('billing.formula.whole', words);
    return t('billing.formula.share', { ...words, part: span(seconds), whole: span(period_seconds) });
  };

  /** How the amount of a line came about, in words and figures. */
  const formula = (line: InvoiceLine): string => {
    if (line.kind === 'balance') return t('billing.formula.balance');
    if (line.kind !== 'price_change') return share(line, Math.abs(line.amount), line.currency);
    return t('billing.formula.change', {
      price: amount(line.price, line.currency),
      before: amount(line.price_before ?? 0, line.currency),
      part: span(line.seconds),
      whole: span(line.period_seconds),
      result: amount(line.amount, line.currency),
    });
  };

  /** The same of an effect; what it does to several people is told for each. */
  const price = ({ amount: total, currency, share: figures, count = 1 }: Effect): string => {
    if (total === undefined || !currency) return '';
    if (!figures || count === 0) return amount(total, currency);
    const each = share(figures, total / count, currency);
    return count === 1
      ? each
      : t('billing.formula.each', { each, formatted: number(count), total: amount(total, currency) });
  };

  return { amount, span, formula, price };
}
