import { useSyncExternalStore } from 'react';

/** Something long that goes on whatever page is shown, until the browser's tab is closed. */
export interface LongWork {
  account: string;
  state: 'running' | 'stopped' | 'done';
}

/** Keeps one piece of long work, tells who looks at it, and has the browser ask before it is left. */
export function longWork<Work extends LongWork>() {
  let current: Work | undefined;
  const watchers = new Set<() => void>();
  const subscribe = (watcher: () => void) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  };
  const warn = (event: BeforeUnloadEvent) => event.preventDefault();
  const become = (next: Work | undefined): void => {
    if (next?.state === 'running') window.addEventListener('beforeunload', warn);
    else window.removeEventListener('beforeunload', warn);
    current = next;
    for (const watcher of watchers) watcher();
  };

  return {
    now: () => current,
    become,
    /** Forgets work that is over. */
    forget: () => {
      if (current && current.state !== 'running') become(undefined);
    },
    /** The work of this account, if there is any. */
    useOf: (account: string): Work | undefined => {
      const work = useSyncExternalStore(subscribe, () => current);
      return work?.account === account ? work : undefined;
    },
  };
}
