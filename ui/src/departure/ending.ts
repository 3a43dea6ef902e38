import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { usePlace } from '../account/place';
import type { Departure, DepartureKind, Member, Receipt } from '../api/schema';
import { useFormats } from '../language/formats';
import { nameOf } from '../me/name';
import { usePanelPath } from '../panel/panelPath';
import { useToast } from '../shell/toast';
import { canComeBack } from './course';
import { useActivate } from './returning';
import { useUndo } from './undo';

/** What is said in the corner when the wizard is left, and the way back that stays open there. */
export function useEnding(members: readonly Member[], how: DepartureKind) {
  const { t } = useTranslation();
  const dates = useFormats();
  const toast = useToast();
  const undo = useUndo();
  const activate = useActivate();
  const navigate = useNavigate();
  const { account } = usePlace();
  const { pathname } = useLocation();
  const pathOf = usePanelPath('users');
  const [one] = members;
  const alone = members.length === 1 && one ? one : undefined;

  const leavePanel = () => {
    // Whoever is gone has no panel any more.
    if (alone && how !== 'deactivate' && pathname.endsWith(alone.id)) navigate(pathOf());
  };
  const follows = (departure: Departure) => {
    if (departure.under_way) toast.done(t('departure.goes_on', { count: members.length }));
    else if (departure.at) toast.done(t('departure.is_set', { time: dates.time(departure.at) }));
  };

  return {
    leavePanel,
    /** Everything is done, or goes on by itself. */
    close: (outcome: Receipt | Departure, plan: Departure) => {
      if ('digest' in outcome) {
        follows(outcome);
        return;
      }
      leavePanel();
      if (!alone) return;
      const name = nameOf(alone);
      const back = canComeBack(account.policy, how) ? () => undo.mutate({ departure: plan.id, name }) : undefined;
      toast.done(t(`departure.done.${how}`, { name }), back);
    },
    /** The access of the one has ended, and what is left waits. */
    ended: () => {
      if (alone) toast.done(t('departure.suspended', { name: nameOf(alone) }), () => activate.mutate(alone));
    },
  };
}
