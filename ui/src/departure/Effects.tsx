import { List, ThemeIcon } from '@mantine/core';
import {
  IconArmchair,
  IconArmchairOff,
  IconArrowBackUp,
  IconDeviceLaptop,
  IconKeyOff,
  IconLock,
  IconMailForward,
  IconMailOff,
  IconPhone,
  IconPoint,
  IconUserCheck,
  IconUserX,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import type { DepartureKind, Effect, Member } from '../api/schema';
import { useMoney } from '../billing/money';
import { useDates } from '../language/dates';
import { useLookup } from '../language/lookup';
import { nameOf } from '../me/name';

const icons: Record<string, ComponentType<{ size?: number; stroke?: number }>> = {
  access: IconLock,
  sessions_ended: IconDeviceLaptop,
  keys_ended: IconKeyOff,
  invitations_reassigned: IconMailForward,
  invitations_withdrawn: IconMailOff,
  phone_set: IconPhone,
  place_kept: IconUserCheck,
  place_removed: IconUserX,
  place_deleted: IconUserX,
  place_returns: IconArrowBackUp,
  seat_charge: IconArmchair,
  seat_credit: IconArmchairOff,
};

interface EffectsProps {
  member: Member;
  how: DepartureKind;
  effects: readonly Effect[];
  /** Nothing has happened yet: what happens to the access itself is said first. */
  before?: boolean;
}

/** What a departure does, or did, line by line with its numbers. */
export function Effects({ member, how, effects, before }: EffectsProps) {
  const { t } = useTranslation();
  const say = useEffectWords();
  const name = nameOf(member);
  const access = { kind: 'access', text: t(`departure.access.${how}`, { name }) };
  const lines = effects
    .filter((effect) => effect.count !== 0)
    .map((effect) => ({ kind: effect.kind, text: say(effect, before ?? false) }));

  return (
    <List spacing="sm" listStyleType="none" withPadding={false}>
      {[...(before ? [access] : []), ...lines].map(({ kind, text }) => {
        const Icon = icons[kind] ?? IconPoint;
        return (
          <List.Item
            key={`${kind} ${text}`}
            icon={
              <ThemeIcon variant="default" size={28} radius="xl">
                <Icon size={16} stroke={1.5} />
              </ThemeIcon>
            }
          >
            {text}
          </List.Item>
        );
      })}
    </List>
  );
}

/** An effect in words; one that the language file does not know is told as the server tells it. */
export function useEffectWords() {
  const { number } = useDates();
  const { price } = useMoney();
  const lookup = useLookup();

  return (effect: Effect, before: boolean): string => {
    const count = effect.count ?? 0;
    const options = { count, formatted: number(count), price: price(effect), context: before ? 'before' : 'after' };
    return lookup(`departure.effect.${effect.kind}`, options) ?? effect.detail;
  };
}
