import { useEffect, useId, useSyncExternalStore } from 'react';

interface Written {
  /** Puts away the dialog that it stands in, which need not go with the page. */
  close: (() => void) | undefined;
  why: string | undefined;
}

/** A wish to go, until the reader says whether what is written may be lost. */
interface Asked {
  /** What would be lost, where that is not what was changed in a form. */
  why: string | undefined;
  go: () => void;
}

const written = new Map<string, Written>();
const watchers = new Set<() => void>();
let asked: Asked | undefined;

/** Whether something is written anywhere that would be lost. */
export const somethingUnsaved = () => written.size > 0;

const warn = (event: BeforeUnloadEvent) => event.preventDefault();

function note(form: string, what: Written): () => void {
  written.set(form, what);
  window.addEventListener('beforeunload', warn);
  return () => {
    written.delete(form);
    if (!somethingUnsaved()) window.removeEventListener('beforeunload', warn);
  };
}

function become(next: Asked | undefined): void {
  asked = next;
  for (const watcher of watchers) watcher();
}

/** Goes somewhere else by the reader's own wish; asks first where something that is written would be lost. */
export function leave(go: () => void): void {
  const forms = [...written.values()];
  if (forms.length === 0) {
    go();
    return;
  }
  const all = () => {
    for (const { close } of forms) close?.();
    go();
  };
  ask(forms.find(({ why }) => why)?.why, all);
}

/** The first wish counts: Esc reaches the dialog that asks and the one under it alike. */
function ask(why: string | undefined, go: () => void): void {
  if (!asked) become({ why, go });
}

/**
 * Says of a form whether something in it would be lost: then every way out asks first, the browser's own too. Returns
 * how to close the dialog it stands in by a slip of the hand, the cross or Esc; a button that says so closes it at once.
 */
export function useUnsaved(unsaved: boolean, close?: () => void, why?: string): () => void {
  const form = useId();
  useEffect(() => (unsaved ? note(form, { close, why }) : undefined), [unsaved, form, close, why]);
  return () => (unsaved ? ask(why, () => close?.()) : close?.());
}

/** What is being asked, and how it is answered. */
export function useAsked(): [Asked | undefined, { stay: () => void; go: () => void }] {
  const now = useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => asked,
  );
  const stay = () => become(undefined);
  const go = () => {
    stay();
    now?.go();
  };
  return [now, { stay, go }];
}
