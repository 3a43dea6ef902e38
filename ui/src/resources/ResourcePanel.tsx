import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { usePlace } from '../account/place';
import type { ResourceType } from '../api/schema';
import { ListProblem } from '../list/ListProblem';
import panel from '../panel/Panel.module.css';
import { PanelFrame } from '../panel/PanelFrame';
import { PanelSkeleton } from '../panel/PanelSkeleton';
import { HistoryView } from './HistoryView';
import { OwnerPart } from './OwnerPart';
import { ResourceForm } from './ResourceForm';
import { resourceQuery } from './resourcesQuery';
import { TeamPart } from './TeamPart';
import { useTypeWords } from './typeWords';

interface ResourcePanelProps {
  type: ResourceType;
  id: string;
}

/** One resource: whose it is, who works on it, what it is called, and everything that was with it. */
export default function ResourcePanel({ type, id }: ResourcePanelProps) {
  const { t } = useTranslation();
  const { account, can } = usePlace();
  const words = useTypeWords()(type);
  const read = useQuery(resourceQuery(account.id, { type: type.key, id }));
  const [search, setSearch] = useSearchParams();
  const show = (view: string | null) => {
    const after = new URLSearchParams(search);
    if (view === 'history') after.set('view', view);
    else after.delete('view');
    setSearch(after, { replace: true });
  };

  if (!read.data) {
    if (!read.error) return <PanelSkeleton />;
    return (
      <PanelFrame title={t('resources.panel', words)}>
        <ListProblem error={read.error} retry={read.refetch} />
      </PanelFrame>
    );
  }
  const version = read.data;
  return (
    <PanelFrame title={version.data.name} note={`${words.One} ${version.data.id}`}>
      <Tabs
        value={search.get('view') === 'history' ? 'history' : 'details'}
        onChange={show}
        keepMounted={false}
        keepMountedMode="display-none"
        className={panel.views}
        classNames={{ list: panel.tabs, panel: panel.view }}
      >
        <Tabs.List>
          <Tabs.Tab value="details">{t('resources.details')}</Tabs.Tab>
          <Tabs.Tab value="history">{t('resources.history')}</Tabs.Tab>
        </Tabs.List>
        {/* What is half written stays while another view is looked at. */}
        <Tabs.Panel value="details" keepMounted>
          <OwnerPart version={version} words={words} />
          <TeamPart resource={version.data} words={words} />
          {can('resources.manage') && <ResourceForm latest={version} />}
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <HistoryView resource={version.data} words={words} />
        </Tabs.Panel>
      </Tabs>
    </PanelFrame>
  );
}
