import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { When } from '../language/When';

/** A moment that a key may be without. */
export function Moment({ at, as }: { at: string | null; as?: 'day' }) {
  const { t } = useTranslation();
  if (at === null) return <Text c="dimmed">{t('keys.never')}</Text>;
  return <When at={at} as={as} />;
}
