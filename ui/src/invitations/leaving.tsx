import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { usePlace } from '../account/place';
import { SendingNote } from './SendingNote';
import { forgetSending, useSending } from './sending';

const note = 'sending';

/** Closes the dialog; what is still going out goes on, and a note in the corner tells how far it is. */
export function useLeaving(onClose: () => void) {
  const { t } = useTranslation();
  const { account, path } = usePlace();
  const navigate = useNavigate();
  const sending = useSending(account.id);

  return () => {
    onClose();
    if (sending?.state !== 'running') {
      forgetSending();
      return;
    }
    notifications.show({
      id: note,
      autoClose: false,
      closeButtonProps: { 'aria-label': t('shell.close') },
      title: t('invite.going_on'),
      message: (
        <SendingNote
          account={account.id}
          onShow={() => {
            notifications.hide(note);
            navigate(path('users?tab=pending'), { state: { sent: true } });
          }}
        />
      ),
    });
  };
}
