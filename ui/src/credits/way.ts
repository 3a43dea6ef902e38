import { IconCoins } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace, useWords } from '../account/place';
import { overviewQuery } from '../api/queries';
import type { Way } from '../shell/Navigation';
import { summaryQuery } from './creditsQuery';

/** What the reader may do with credits, and whether the account has to do with them at all. */
export function useCreditRights() {
  const { account, can } = usePlace();
  const manages = can('credits.manage');
  const spends = can('credits.spend');
  const preset = account.preset === 'credits';
  const bought = useQuery({ ...overviewQuery(account.id), enabled: manages && !preset }).data?.credits;
  const own = useQuery({ ...summaryQuery(account.id), enabled: spends && !manages && !preset }).data?.members;
  const held = own?.some(({ balance, used }) => balance > 0 || used > 0);

  return {
    manages,
    spends,
    shown: preset ? manages || spends || can('resources.read') : bought !== undefined || held === true,
  };
}

/** The way to the credits of the account for who manages them, or else to the reader's own; none where there are none. */
export function useCreditsWays(managed: boolean): Way[] {
  const { t } = useTranslation();
  const { path } = usePlace();
  const words = useWords();
  const { manages, spends, shown } = useCreditRights();
  if (!shown || manages !== managed) return [];
  const label = manages ? words.credits : spends ? t('credits.mine') : t('credits.records');
  return [{ to: path('credits'), label, icon: IconCoins }];
}
