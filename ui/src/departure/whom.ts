import { useTranslation } from 'react-i18next';
import type { Departure } from '../api/schema';
import { useFormats } from '../language/formats';

/** Says whom a departure is about, in a line: the first by name, and how many more. */
export function useWhom(): (departure: Departure) => string {
  const { t } = useTranslation();
  const { number } = useFormats();
  return ({ members: [first], member_count, people }) => {
    const name = people.find(({ member }) => member === first)?.name || t('activity.former');
    const count = member_count - 1;
    return count > 0 ? t('departures.and_others', { name, count, formatted: number(count) }) : name;
  };
}
