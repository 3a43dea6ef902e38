import { useTranslation } from 'react-i18next';
import type { Resource } from '../api/schema';
import { useFormats } from '../language/formats';
import { ListCard } from '../list/ListCard';
import { ownerOf, teamOf, useShownName } from './holders';
import { ResourceName } from './ResourceName';

/** A resource's row where the page is as wide as a phone. */
export function ResourceCard({ resource, onOpen }: { resource: Resource; onOpen: () => void }) {
  const { t } = useTranslation();
  const { list } = useFormats();
  const shown = useShownName();
  const owner = ownerOf(resource);
  const team = teamOf(resource);
  const marked = ({ name, active }: { name: string; active: boolean }) =>
    active ? shown(name) : t('resources.left', { name: shown(name) });
  return (
    <ListCard
      id={resource.id}
      selected={false}
      onOpen={onOpen}
      head={<ResourceName resource={resource} />}
      actions={null}
      foot={
        <>
          <span>{owner ? t('resources.owned_by', { name: marked(owner) }) : t('resources.unowned')}</span>
          {team.length > 0 && <span>{t('resources.worked_on_by', { names: list(team.map(marked)) })}</span>}
        </>
      }
    />
  );
}
