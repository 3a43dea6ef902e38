import { notifications } from '@mantine/notifications';
import { type ReactNode, useEffect } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { leave } from '../form/unsaved';

interface CornerNote {
  /** There is one note of a kind. */
  id: string;
  title: string;
  /** Where what is told is shown in full, and with which wish it is gone to. */
  to: string;
  wish: string;
  /** How far it is; `onShow` puts the note away and goes there. */
  children: (onShow: () => void) => ReactNode;
}

/** Tells in a corner how far work is that goes on by itself, until it is closed. */
export function useCornerNote() {
  const navigate = useNavigate();
  return ({ id, title, to, wish, children }: CornerNote) => {
    const onShow = () => {
      leave(() => {
        notifications.hide(id);
        navigate(to, { state: { wish } });
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

/** Grants the wish with which a note was followed, from whatever page; once. */
export function useWish(wish: string, onWish: () => void): void {
  const navigate = useNavigate();
  const here = useLocation();
  const asked = (here.state as { wish?: string } | null)?.wish === wish;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the wish is the trigger, and is granted once
  useEffect(() => {
    if (!asked) return;
    onWish();
    navigate(`${here.pathname}${here.search}`, { replace: true, state: null });
  }, [asked]);
}
