import { useTranslation } from 'react-i18next';

/** The wallet of the company, as the API names it. */
export const company = 'company';

/** What the API calls whoever's personal data is erased. */
const erased = 'Former member';

/** A wallet, or whoever had one, in the reader's language. */
export function useWalletName() {
  const { t } = useTranslation();
  return (wallet: string, name: string | undefined): string => {
    if (wallet === company) return t('credits.the_company');
    return !name || name === erased ? t('activity.former') : name;
  };
}
