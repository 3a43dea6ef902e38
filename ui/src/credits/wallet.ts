import { useTranslation } from 'react-i18next';
import { useShownName } from '../people/shownName';

/** The wallet of the company, as the API names it. */
export const company = 'company';

/** A wallet, or whoever had one, in the reader's language. */
export function useWalletName() {
  const { t } = useTranslation();
  const shown = useShownName();
  return (wallet: string, name: string | undefined): string =>
    wallet === company ? t('credits.the_company') : shown(name);
}
