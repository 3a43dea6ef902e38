import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Resource } from '../api/schema';
import { useFormats } from '../language/formats';
import row from '../list/Row.module.css';
import { StatusMark } from '../list/StatusMark';
import { Initials } from '../people/Initials';
import { useShownName } from '../people/shownName';
import { ownerOf, teamOf } from './holders';

/** Who owns it, and whether they are still here. */
export function OwnerName({ resource }: { resource: Resource }) {
  const { t } = useTranslation();
  const shown = useShownName();
  const owner = ownerOf(resource);
  if (!owner) return <Text c="dimmed">{t('resources.nobody')}</Text>;
  const name = shown(owner.name);
  return (
    <div className={row.row}>
      <Initials id={owner.member} name={name} size={28} />
      <div className={row.words}>
        <Text truncate title={name}>
          {name}
        </Text>
        {!owner.active && (
          <Text component="div" size="xs" c="dimmed">
            <StatusMark tone="quiet">{t('resources.inactive')}</StatusMark>
          </Text>
        )}
      </div>
    </div>
  );
}

/** Who works on it, and how many of them have left. */
export function TeamNames({ resource }: { resource: Resource }) {
  const { t } = useTranslation();
  const { list } = useFormats();
  const shown = useShownName();
  const team = teamOf(resource);
  if (team.length === 0) return <Text c="dimmed">{t('resources.nobody')}</Text>;
  const names = list(team.map(({ name }) => shown(name)));
  const left = team.filter(({ active }) => !active).length;
  return (
    <>
      <Text truncate title={names}>
        {names}
      </Text>
      {left > 0 && (
        <Text component="div" size="xs" c="dimmed">
          <StatusMark tone="quiet">{t('resources.inactive_count', { count: left })}</StatusMark>
        </Text>
      )}
    </>
  );
}
