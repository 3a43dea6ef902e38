import { Button, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import type { Holder, Resource } from '../api/schema';
import { nameOf } from '../me/name';
import { useShownName } from '../people/shownName';
import { useToast } from '../shell/toast';
import { memberQuery } from '../users/membersQuery';
import { HolderRow } from './HolderRow';
import { teamOf } from './holders';
import { PersonField } from './PersonField';
import classes from './Resources.module.css';
import { useHolderRefusal } from './refusals';
import { useResourceMoves } from './resourceMoves';
import type { TypeWords } from './typeWords';

interface TeamPartProps {
  resource: Resource;
  words: TypeWords;
}

/** Who works on it. Whoever has left stays listed until somebody who reaches it takes them off. */
export function TeamPart({ resource, words }: TeamPartProps) {
  const { t } = useTranslation();
  const { can } = usePlace();
  const heading = useId();
  const team = teamOf(resource);
  return (
    <section className={classes.part} aria-labelledby={heading}>
      <div className={classes.partHead}>
        <Text component="h3" fw={600} id={heading}>
          {t('resources.team')}
        </Text>
      </div>
      {team.length === 0 ? (
        <Text c="dimmed" mt={4}>
          {t('resources.team_none', words)}
        </Text>
      ) : (
        <ul className={classes.list} aria-labelledby={heading}>
          {team.map((holder) => (
            <li key={holder.member} className={classes.row}>
              <HolderRow holder={holder} leftMeans={t('resources.left_means')}>
                <TakeOff resource={resource} holder={holder} />
              </HolderRow>
            </li>
          ))}
        </ul>
      )}
      {can('resources.assign') && <Assign resource={resource} words={words} />}
    </section>
  );
}

function TakeOff({ resource, holder }: { resource: Resource; holder: Holder }) {
  const { t } = useTranslation();
  const { can } = usePlace();
  const { takeOff } = useResourceMoves();
  const person = useShownName()(holder.name);
  if (holder.active && !can('resources.assign')) return null;
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      color="red"
      aria-label={t('resources.take_off_it', { person })}
      loading={takeOff.isPending}
      onClick={() => takeOff.mutate({ resource, person: holder })}
    >
      {t('resources.take_off')}
    </Button>
  );
}

function Assign({ resource, words }: TeamPartProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const cache = useQueryClient();
  const toast = useToast();
  const { assign } = useResourceMoves();
  const refusal = useHolderRefusal(words);
  const [member, setMember] = useState('');
  const choose = (chosen: string) => {
    assign.reset();
    setMember(chosen);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const { data } = await cache.ensureQueryData(memberQuery(account.id, member));
      assign.mutate(
        { resource, person: { member, name: nameOf(data), active: true } },
        { onSuccess: () => setMember('') },
      );
    } catch (error) {
      toast.refused(error);
    }
  };
  return (
    <form onSubmit={submit} className={classes.assign}>
      <PersonField
        label={t('resources.assign_whom')}
        placeholder={t('resources.choose')}
        value={member}
        onChange={choose}
        active
        error={refusal(assign.error, 'assignee')}
      />
      <Button type="submit" variant="default" disabled={!member} loading={assign.isPending}>
        {t('resources.assign')}
      </Button>
    </form>
  );
}
