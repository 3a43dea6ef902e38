import { createContext, useContext, useEffect, useId } from 'react';

const Context = createContext<Set<string>>(new Set());

export const UnsavedProvider = Context.Provider;

/** Tells the panel around a form whether something in it would be lost: then it asks before it is closed. */
export function useUnsaved(written: boolean): void {
  const form = useId();
  const forms = useContext(Context);
  useEffect(() => {
    if (!written) return;
    forms.add(form);
    return () => void forms.delete(form);
  }, [written, form, forms]);
}
