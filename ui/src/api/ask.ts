import { useCallback, useEffect, useRef, useState } from 'react';

interface Ask<Given, Got> {
  ask: (given: Given) => Promise<Got>;
  onDone?: (got: Got, given: Given) => void;
  onRefused?: (error: unknown) => void;
}

/**
 * One question to the server with its state, for the pages before signing in.
 * Inside an account TanStack Query does this and more; the sign-in page is kept
 * light by doing without.
 */
export function useAsk<Got, Given = void>(options: Ask<Given, Got>) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });

  const ask = useCallback(async (given: Given) => {
    setBusy(true);
    setError(undefined);
    try {
      const got = await latest.current.ask(given);
      latest.current.onDone?.(got, given);
    } catch (refusal) {
      setError(refusal);
      latest.current.onRefused?.(refusal);
    } finally {
      setBusy(false);
    }
  }, []);

  return { ask, busy, error };
}
