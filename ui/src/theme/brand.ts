import { createContext, useContext, useEffect } from 'react';

const Brand = createContext<(accent: string) => void>(() => {});

export const BrandProvider = Brand.Provider;

/** Wears an account's accent while the calling page is shown. */
export function useAccent(accent: string | undefined) {
  const setAccent = useContext(Brand);
  useEffect(() => {
    setAccent(accent ?? '');
    return () => setAccent('');
  }, [accent, setAccent]);
}
