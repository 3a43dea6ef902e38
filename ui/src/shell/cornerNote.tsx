import { notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { leave } from '../form/unsaved';

interface CornerNote {
  /** There is one note of a kind. */
  id: string;
  title: string;
  /** Where what is told is shown in full, and with which wish it is gone to. */
  to: string;
  state: object;
  /** How far it is; `onShow` puts the note away and goes there. */
  children: (onShow: () => void) => ReactNode;
}

/** Tells in a corner how far work is that goes on by itself, until it is closed. */
export function useCornerNote() {
  const navigate = useNavigate();
  return ({ id, title, to, state, children }: CornerNote) => {
    const onShow = () => {
      leave(() => {
        notifications.hide(id);
        navigate(to, { state });
      });
    };
    notifications.show({
      id,
      autoClose: false,
      title,
      message: children(onShow),
    });
  };
}
