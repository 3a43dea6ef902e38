import { useTranslation } from 'react-i18next';
import type { DepartureKind, Effect, Named } from '../api/schema';
import { useMoney } from '../billing/money';
import { useFormats } from '../language/formats';
import { useLookup } from '../language/lookup';
import { useNamed } from '../people/people';
import { useThings } from './things';

/** When it is said: what will happen, what did, or what is left once the access has ended. */
type When = 'before' | 'after' | 'settling';

/** An effect in words, with its numbers and its money. */
export interface Said {
  kind: string;
  text: string;
}

/** Effects in the reader's words, which call people as the answer does that tells of them; one that the language file does not know is told as the server tells it. */
export function useEffectWords(people: readonly Named[], how?: DepartureKind) {
  const { t } = useTranslation();
  const { price } = useMoney();
  const { number } = useFormats();
  const { things } = useThings();
  const lookup = useLookup();
  const nameOf = useNamed(people);

  /** Whoever gives up their place leaves things without an owner. */
  const kindOf = ({ kind, reason }: Effect) => {
    if (kind === 'skipped') return `skipped_${reason}`;
    return kind === 'resources_left' && how && how !== 'deactivate' ? 'resources_orphaned' : kind;
  };

  return (effect: Effect, when: When): Said => {
    const count = effect.count ?? 0;
    const kind = kindOf(effect);
    const text = lookup(`departure.effect.${kind}`, {
      count,
      formatted: number(count),
      things: things(count),
      to: effect.to ? nameOf(effect.to) : t('departure.company'),
      price: price(effect),
      ...(when !== 'before' && { context: when }),
    });
    return { kind, text: text ?? effect.detail };
  };
}
