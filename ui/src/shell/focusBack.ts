import { useEffect, useState } from 'react';

/**
 * For a dialog that is there only while it is open: gives the keyboard back to
 * what it was opened from, or to the page if that is gone.
 */
export function useFocusBack(): void {
  const [opener] = useState(openerNow);
  useEffect(
    () => () => {
      // The dialog leaves the page first, and what it held with it.
      window.setTimeout(() => {
        if (document.activeElement && document.activeElement !== document.body) return;
        const back = opener?.isConnected ? opener : document.getElementById('page');
        back?.focus({ preventScroll: true });
      });
    },
    [opener],
  );
}

/** What has the keyboard; of an entry of a menu, which closes, the button of the menu. */
function openerNow(): HTMLElement | null {
  const active = document.activeElement;
  const button = active?.closest('[role=menu]')?.getAttribute('aria-labelledby');
  return (button && document.getElementById(button)) || (active instanceof HTMLElement ? active : null);
}
