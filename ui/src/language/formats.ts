import { useTranslation } from 'react-i18next';
import { regional } from './regional';

// A unit, its length, and from where on it is used: seven days say more than "next week".
const steps: [Intl.RelativeTimeFormatUnit, number, number?][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800, 1_209_600],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

const lengths: [string, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/**
 * Times, numbers and enumerations as the reader writes them: in their zone and
 * their language. `exact` is what stands in the hover of anything shorter.
 */
export function useFormats() {
  const { i18n } = useTranslation();
  const locale = regional(i18n.language);

  return {
    locale,
    day: (at: string) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(at)),
    exact: (at: string) =>
      new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' }).format(new Date(at)),
    time: (at: string) =>
      new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at)),
    /** "3 hours ago", "in 6 days". */
    relative: (at: string, now = Date.now()) => {
      const seconds = (new Date(at).getTime() - now) / 1000;
      const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
      for (const [unit, length, from = length] of steps) {
        if (Math.abs(seconds) >= from) return format.format(Math.round(seconds / length), unit);
      }
      return format.format(0, 'second');
    },
    /** "7 days", "90 minutes": a length of time in its largest whole unit. */
    duration: (seconds: number) => {
      const [unit, length] = lengths.find(([, each]) => seconds % each === 0) ?? ['second', 1];
      return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / length);
    },
    /** "one, two and three". */
    list: (items: readonly string[]) => new Intl.ListFormat(locale).format(items),
    percent: (part: number) => new Intl.NumberFormat(locale, { style: 'percent' }).format(part),
    number: (value: number) => new Intl.NumberFormat(locale).format(value),
  };
}
