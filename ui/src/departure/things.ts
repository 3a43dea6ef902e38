import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { resourceTypesQuery } from '../api/queries';
import type { ResourceType } from '../api/schema';
import { useTypeWords } from '../resources/typeWords';

/** What the account calls its resources: by their type, and all of them by the one type there is. */
export function useThings() {
  const { t } = useTranslation();
  const wordsOf = useTypeWords();
  const { account, can } = usePlace();
  const types = useQuery({ ...resourceTypesQuery(account.id), enabled: can('resources.read') }).data ?? [];
  const [only, ...others] = types;

  const word = (type: ResourceType, count: number) => wordsOf(type)[count === 1 ? 'one' : 'many'];
  return {
    types,
    /** "pins", or "resources" where there are several types. */
    things: (count: number) => (only && others.length === 0 ? word(only, count) : t('departure.things', { count })),
    thingsOf: (key: string, count: number) => {
      const type = types.find((one) => one.key === key);
      return type ? word(type, count) : key;
    },
  };
}
