import { useFormats } from '../language/formats';
import { useLookup } from '../language/lookup';
import { inSentence } from '../roles/roleMeaning';

/** What a key may do in plain words; what the language file does not know, by its own name. */
export function usePurposes() {
  const lookup = useLookup();
  const { list } = useFormats();

  /** One label for each thing. */
  const labels = (permissions: readonly string[]): string[] =>
    permissions.map((permission) => lookup(`permission.${permission}`) ?? permission);
  /** All of them as they stand within a sentence. */
  const phrase = (permissions: readonly string[]): string => list(labels(permissions).map(inSentence));

  return { labels, phrase };
}
