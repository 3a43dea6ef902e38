import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { usePlace } from '../account/place';
import type { ResourceType } from '../api/schema';
import { PanelFrame } from '../panel/PanelFrame';
import { PanelTabs } from '../panel/PanelTabs';
import { Unread } from '../panel/Unread';
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

  if (!read.data) return <Unread read={read} title={t('resources.panel', words)} />;
  const version = read.data;
  return (
    <PanelFrame title={version.data.name} note={`${words.One} ${version.data.id}`}>
      <PanelTabs value={search.get('view') === 'history' ? 'history' : 'details'} onChange={show}>
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
      </PanelTabs>
    </PanelFrame>
  );
}
