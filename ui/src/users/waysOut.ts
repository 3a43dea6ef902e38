import { useTranslation } from 'react-i18next';
import { useWords } from '../account/place';
import type { DepartureKind, Member } from '../api/schema';
import { useRights } from './rights';

/** The ways out for somebody, with the account's words for each. */
export function useWaysOut(member: Member) {
  const { t } = useTranslation();
  const words = useWords();
  const { waysOut } = useRights();
  const labels: Record<DepartureKind, string> = {
    deactivate: member.status === 'suspended' ? t('users.settle') : words.deactivate,
    remove: words.remove,
    delete: t('users.delete'),
  };
  return waysOut(member).map((how) => ({ how, label: labels[how] }));
}
