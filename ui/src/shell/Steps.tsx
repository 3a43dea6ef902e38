import { useEffect, useEffectEvent, useLayoutEffect, useRef } from 'react';
import { useLocation } from 'react-router';
import { leave, somethingUnsaved } from '../form/unsaved';

/** How many steps the router has counted up to an entry of the browser's history; none where it did not make it. */
const stepOf = (state: unknown) => (state as { idx?: number } | null)?.idx;

/**
 * Asks before Back or Forward leaves something unsaved. The browser has gone before anybody is asked, so it is sent
 * back to the page it came from, and the router hears of neither step.
 */
export function Steps() {
  const here = useRef<number>(undefined);
  const granted = useRef(false);
  const location = useLocation();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the page is the trigger
  useEffect(() => {
    here.current = stepOf(window.history.state);
  }, [location]);

  const onStep = useEffectEvent((event: PopStateEvent) => {
    const step = stepOf(event.state);
    const free = granted.current || !somethingUnsaved();
    granted.current = false;
    if (free || step === undefined || here.current === undefined) return;
    event.stopImmediatePropagation();
    const by = step - here.current;
    if (by === 0) return;
    window.history.go(-by);
    leave(() => {
      granted.current = true;
      window.history.go(by);
    });
  });
  // In the layout, and inside the router: so it listens before the router does.
  useLayoutEffect(() => {
    window.addEventListener('popstate', onStep);
    return () => window.removeEventListener('popstate', onStep);
  }, []);
  return null;
}
