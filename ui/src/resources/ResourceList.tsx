import { IconFolders } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { usePlace } from '../account/place';
import type { Resource, ResourceType } from '../api/schema';
import { useFormats } from '../language/formats';
import { EmptyList } from '../list/EmptyList';
import { List } from '../list/List';
import { NothingFound } from '../list/NothingFound';
import { usePanelPath } from '../panel/panelPath';
import { useShownName } from '../people/shownName';
import { ownerOf, teamOf } from './holders';
import { useOwnReach } from './ownReach';
import { ResourceName } from './ResourceName';
import { useResourceColumns } from './resourceColumns';
import { resourcesQuery } from './resourcesQuery';
import { useTypeWords } from './typeWords';
import { narrowedBy, type View } from './view';

interface ResourceListProps {
  type: ResourceType;
  narrowed: View;
  onWiden: () => void;
  /** Whose panel is open. */
  open?: string;
}

/** The resources of a type, page after page, as rows or on a phone as cards. */
export function ResourceList({ type, narrowed, onWiden, open }: ResourceListProps) {
  const { account } = usePlace();
  const navigate = useNavigate();
  const pathOf = usePanelPath(`resources/${type.key}`);
  const words = useTypeWords()(type);
  const list = useInfiniteQuery({
    ...resourcesQuery(account.id, { type: type.key, ...narrowed }),
    placeholderData: keepPreviousData,
  });
  return (
    <List
      list={list}
      label={words.Many}
      empty={<Nothing type={type} narrowed={narrowed} onWiden={onWiden} />}
      columns={useResourceColumns()}
      card={(resource) => ({ head: <ResourceName resource={resource} />, foot: <Holders resource={resource} /> })}
      onOpen={({ id }) => navigate(pathOf(id))}
      open={open}
    />
  );
}

/** Who owns it and who works on it, in words. */
function Holders({ resource }: { resource: Resource }) {
  const { t } = useTranslation();
  const { list } = useFormats();
  const shown = useShownName();
  const owner = ownerOf(resource);
  const team = teamOf(resource);
  const marked = ({ name, active }: { name: string; active: boolean }) =>
    active ? shown(name) : t('resources.left', { name: shown(name) });
  return (
    <>
      <span>{owner ? t('resources.owned_by', { name: marked(owner) }) : t('resources.unowned')}</span>
      {team.length > 0 && <span>{t('resources.worked_on_by', { names: list(team.map(marked)) })}</span>}
    </>
  );
}

/** Why there is nothing to see, and what to do about it. */
function Nothing({ type, narrowed, onWiden }: Omit<ResourceListProps, 'open'>) {
  const { t } = useTranslation();
  const reach = useOwnReach();
  const words = useTypeWords()(type);
  if (narrowed.q || narrowedBy(narrowed) > 0) {
    return <NothingFound onWiden={onWiden}>{t('resources.narrowed_why', words)}</NothingFound>;
  }
  return reach === 'all' ? (
    <EmptyList icon={<IconFolders />} title={t('resources.none', words)}>
      {t('resources.none_why', words)}
    </EmptyList>
  ) : (
    <EmptyList icon={<IconFolders />} title={t('resources.none_yours', words)}>
      {t('resources.none_yours_why', words)}
    </EmptyList>
  );
}
