import { IconReceipt } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { overviewQuery } from '../api/queries';

/** Whether accounts of a preset pay for their seats from the beginning; any other may be given a plan. */
export const paysFromTheStart = (preset: string) => preset === 'cases' || preset === 'field';

/** The way to what the account pays, for who manages that; none where nothing is paid. */
export function useBillingWay() {
  const { t } = useTranslation();
  const { account, can, path } = usePlace();
  const pays = paysFromTheStart(account.preset);
  const asked = can('billing.manage') && !pays;
  const planned = useQuery({ ...overviewQuery(account.id), enabled: asked }).data?.seats !== undefined;
  if (!can('billing.manage') || !(pays || planned)) return undefined;
  return { to: path('billing'), label: t('billing.title'), icon: IconReceipt };
}
