import { Radio, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Departure } from '../api/schema';
import { useFormats } from '../language/formats';
import { useNamed } from '../people/people';
import type { Asked } from './DecideStep';
import { heldIn, refusals, type Way } from './decisions';
import type { Held } from './held';
import { OneByOne } from './OneByOne';
import { SuccessorPicker, SuccessorsPicker } from './SuccessorPicker';
import { useThings } from './things';

/** What one of the ways to decide is given. */
export interface AskedOfResources extends Asked {
  held: Held;
  /** What it is called to leave them. */
  leave: string;
  /** Why somebody cannot have what was decided for them; empty if they can. */
  refused: (successor: string) => string;
}

/** What becomes of the resources: left, or transferred; all at once, by their type, or one by one. */
export function ResourcesQuestion({ held, ...asked }: Asked & { held: Held }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const { things } = useThings();
  const { plan, who, answers, change, gaps } = asked;
  const refused = useRefused(plan);
  const count = heldIn(plan, 'resources');
  const stays = plan.kind === 'deactivate';
  const leave = stays ? t('departure.way.leave', { name: who }) : t('departure.way.orphan');
  const ways: { way: Way; label: string; hint?: string }[] = [
    { way: 'leave', label: leave, hint: stays ? t('departure.way.leave_hint') : undefined },
    { way: 'one', label: t('departure.way.one') },
    { way: 'split', label: t('departure.way.split') },
    ...(held.types.length > 1 ? [{ way: 'type' as const, label: t('departure.way.type') }] : []),
    ...(held.listed ? [{ way: 'each' as const, label: t('departure.way.each') }] : []),
  ];

  return (
    <Stack gap="xs">
      <Radio.Group
        label={t('departure.resources', { count, formatted: number(count), things: things(count), name: who })}
        value={answers.way || null}
        onChange={(way) => change({ way: way as Way })}
        error={gaps.has('way') && t('departure.choose_answer')}
      >
        <Stack gap="sm" mt="xs">
          {ways.map(({ way, label, hint }) => (
            <Radio key={way} value={way} label={label} description={hint} />
          ))}
        </Stack>
      </Radio.Group>
      <Further {...asked} held={held} leave={leave} refused={refused} />
    </Stack>
  );
}

/** What the chosen way asks further. */
function Further(asked: AskedOfResources) {
  const { t } = useTranslation();
  const { members, answers, change, gaps, refused } = asked;
  const leaving = members.map(({ id }) => id);
  switch (answers.way) {
    case 'one':
      return (
        <SuccessorPicker
          label={t('departure.way.to')}
          leaving={leaving}
          value={answers.to}
          onChange={(to) => change({ to })}
          error={(gaps.has('to') && t('departure.choose_somebody')) || refused(answers.to)}
        />
      );
    case 'split':
      return (
        <SuccessorsPicker
          label={t('departure.way.among')}
          hint={t('departure.way.among_hint')}
          leaving={leaving}
          value={answers.among}
          onChange={(among) => change({ among })}
          error={(gaps.has('among') && t('departure.choose_somebody')) || answers.among.map(refused).find(Boolean)}
        />
      );
    case 'type':
      return <ByType {...asked} />;
    case 'each':
      return <OneByOne {...asked} />;
    default:
      return null;
  }
}

/** One decision for each type. */
function ByType({ members, held, leave, answers, change, gaps, refused }: AskedOfResources) {
  const { t } = useTranslation();
  const { thingsOf } = useThings();
  return held.types.map((type) => {
    const fate = answers.byType[type] ?? '';
    return (
      <SuccessorPicker
        key={type}
        label={t('departure.way.type_to', { things: thingsOf(type, 2) })}
        leaving={members.map(({ id }) => id)}
        others={[{ value: 'leave', label: leave }]}
        value={fate}
        onChange={(chosen) => change({ byType: { ...answers.byType, [type]: chosen } })}
        error={(gaps.has('type') && fate === '' && t('departure.choose_answer')) || refused(fate)}
      />
    );
  });
}

/** Says of a successor how many of the resources cannot go to them. */
function useRefused(plan: Departure): (successor: string) => string {
  const { t } = useTranslation();
  const { number } = useFormats();
  const { things } = useThings();
  const all = refusals(plan, 'resources');
  const nameOf = useNamed(plan.people);
  return (successor) => {
    const [refusal] = all.filter(({ to }) => successor !== '' && to === successor);
    const count = refusal?.count ?? 0;
    if (!refusal) return '';
    return t('departure.successor_refused', {
      name: nameOf(successor),
      count,
      formatted: number(count),
      things: things(count),
    });
  };
}
