import { Button } from '@mantine/core';
import { IconPlus, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { usePlace } from '../account/place';
import { resourceTypesQuery } from '../api/queries';
import type { ResourceType } from '../api/schema';
import { useFormats } from '../language/formats';
import { ListProblem } from '../list/ListProblem';
import { ListSkeleton } from '../list/ListSkeleton';
import { Toolbar } from '../list/Toolbar';
import { Panel } from '../panel/Panel';
import { usePanelPath } from '../panel/panelPath';
import { Allowed } from '../shell/Allowed';
import { useWish } from '../shell/cornerNote';
import NoSuchPage from '../shell/NoSuchPage';
import { PageHead } from '../shell/PageHead';
import { useImporting } from './importing';
import { useOwnReach } from './ownReach';
import { ResourceFilters, useNarrowings } from './ResourceFilters';
import { ResourceList } from './ResourceList';
import { useTypeWords } from './typeWords';
import { everything, useView } from './view';

const ResourcePanel = lazy(() => import('./ResourcePanel'));
const NewResourceDialog = lazy(() => import('./NewResourceDialog'));
const ImportDialog = lazy(() => import('./ImportDialog'));

/** The things of one type that the reader reaches: who owns each, and who works on it. */
export default function ResourcesPage() {
  const { type: key } = useParams();
  const { account } = usePlace();
  const types = useQuery(resourceTypesQuery(account.id));
  const wordsOf = useTypeWords();
  const type = types.data?.find((one) => one.key === key);

  if (types.isPending) return <ListSkeleton />;
  if (types.error) return <ListProblem error={types.error} retry={types.refetch} />;
  if (!type) return <NoSuchPage />;
  return (
    <Allowed permission="resources.read" title={wordsOf(type).Many}>
      <Things key={type.key} type={type} />
    </Allowed>
  );
}

function Things({ type }: { type: ResourceType }) {
  const { t } = useTranslation();
  const { can } = usePlace();
  const reach = useOwnReach();
  const words = useTypeWords()(type);
  const navigate = useNavigate();
  const pathOf = usePanelPath(`resources/${type.key}`);
  const { id: open } = useParams();
  const [view, setView] = useView();
  const narrowings = useNarrowings({ view, onView: setView });
  const [dialog, setDialog] = useState<'add' | 'import'>();
  useWish('import', () => setDialog('import'));
  const makes = can('resources.manage') && reach === 'all';
  const lead = { all: t('resources.lead'), assigned: t('resources.lead_assigned'), single: t('resources.lead_single') };

  return (
    <>
      <PageHead
        title={words.Many}
        lead={reach ? lead[reach] : <>&nbsp;</>}
        actions={
          makes && (
            <>
              <ImportButton onClick={() => setDialog('import')} />
              <Button leftSection={<IconPlus size={16} />} onClick={() => setDialog('add')}>
                {t('resources.add', words)}
              </Button>
            </>
          )
        }
      />
      <Toolbar q={view.q} onSearch={(q) => setView({ q })} placeholder={t('resources.search')} narrowings={narrowings}>
        {reach === 'all' && <ResourceFilters view={view} onView={setView} />}
      </Toolbar>
      <ResourceList type={type} narrowed={view} onWiden={() => setView(everything)} open={open} />
      <Panel open={open} label={t('resources.panel', words)} onClose={() => navigate(pathOf())}>
        {(id) => <ResourcePanel key={id} type={type} id={id} />}
      </Panel>
      <Suspense>
        {dialog === 'add' && <NewResourceDialog type={type} onClose={() => setDialog(undefined)} />}
        {dialog === 'import' && <ImportDialog type={type} onClose={() => setDialog(undefined)} />}
      </Suspense>
    </>
  );
}

/** Opens the import, and says how far one has come that was left while it goes on. */
function ImportButton({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { percent } = useFormats();
  const running = useImporting(account.id);
  return (
    <Button variant="default" leftSection={<IconUpload size={16} />} onClick={onClick}>
      {running?.state === 'running'
        ? t('resources.importing', { part: percent(running.sent / running.size) })
        : t('resources.import')}
    </Button>
  );
}
