import { useLookup } from '../language/lookup';

/** What is noted most; a host product may note anything else. */
export const usualKinds = ['visit', 'call', 'meeting', 'deal_closed'] as const;

/** What people call the kinds of what is noted: a word of the host product's own is shown as it is. */
export function useActivityKinds() {
  const lookup = useLookup();
  const label = (kind: string) => {
    const plain = kind.replaceAll(/[_-]+/g, ' ');
    return lookup(`resources.kind.${kind}`) ?? plain.charAt(0).toUpperCase() + plain.slice(1);
  };
  return { label };
}
