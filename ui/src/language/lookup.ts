import { useTranslation } from 'react-i18next';

/**
 * Words by a key that is only known at run time (a code, an action), or nothing
 * where the language file has none. Keys known beforehand go through `t`, which
 * does not compile without them.
 */
export function useLookup() {
  const { i18n } = useTranslation();
  const say = i18n.t.bind(i18n) as unknown as (key: string, options?: Record<string, unknown>) => string;
  return (key: string, options?: Record<string, unknown>): string | undefined =>
    i18n.exists(key, options) ? say(key, options) : undefined;
}
