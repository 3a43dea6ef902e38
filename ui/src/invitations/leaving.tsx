import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { useCornerNote } from '../shell/cornerNote';
import { SendingNote } from './SendingNote';
import { forgetSending, useSending } from './sending';

/** Closes the dialog; what is still going out goes on, and a note in the corner tells how far it is. */
export function useLeaving(onClose: () => void) {
  const { t } = useTranslation();
  const { account, path } = usePlace();
  const sending = useSending(account.id);
  const note = useCornerNote();

  return () => {
    onClose();
    if (sending?.state !== 'running') {
      forgetSending();
      return;
    }
    note({
      id: 'sending',
      title: t('invite.going_on'),
      to: path('users?tab=pending'),
      wish: 'sent',
      children: (onShow) => <SendingNote account={account.id} onShow={onShow} />,
    });
  };
}
