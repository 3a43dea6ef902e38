import { useTranslation } from 'react-i18next';

/** What to call somebody whom an answer names: nobody has a name any more once their personal data is erased. */
export function useShownName(): (name: string | undefined) => string {
  const { t } = useTranslation();
  return (name) => name || t('activity.former');
}
