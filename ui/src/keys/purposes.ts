import { useLookup } from '../language/lookup';

/** What a key may do, each thing in plain words; one that the language file does not know by its own name. */
export function usePurposes() {
  const lookup = useLookup();
  return (permissions: readonly string[]): string[] =>
    permissions.map((permission) => lookup(`permission.${permission}`) ?? permission);
}
