import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import type { DepartureKind, Member } from '../api/schema';
import { Panel } from '../panel/Panel';
import { usePanelPath } from '../panel/panelPath';
import { Allowed } from '../shell/Allowed';
import { PageHead } from '../shell/PageHead';
import { PageTabs } from '../shell/PageTabs';
import { DeparturesList } from './DeparturesList';

const DeparturePanel = lazy(() => import('./DeparturePanel'));
const DepartureWizard = lazy(() => import('./DepartureWizard'));

/** Who is leaving and who left: what waits for its time, what is still to settle, what failed, and what is done. */
export default function DeparturesPage() {
  const { t } = useTranslation();
  return (
    <Allowed permission="departures.manage" title={t('departures.title')}>
      <Departures />
    </Allowed>
  );
}

/** Who is being seen off: one whose access has ended already, or those who could not be let go before. */
interface Leaving {
  members: readonly Member[];
  how: DepartureKind;
}

function Departures() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const pathOf = usePanelPath('departures');
  const { departure: open } = useParams();
  const [leaving, setLeaving] = useState<Leaving>();
  const states = ['scheduled', 'settling', 'failed', 'applied', 'undone'] as const;

  return (
    <>
      <PageHead title={t('departures.title')} lead={t('departures.lead')} />
      <PageTabs
        tabs={states.map((state) => ({
          key: state,
          label: t(`departures.tab.${state}`),
          content: <DeparturesList state={state} open={open} />,
        }))}
      />
      <Panel open={open} label={t('departures.panel')} onClose={() => navigate(pathOf())}>
        {(id) => <DeparturePanel key={id} id={id} onDepart={(members, how) => setLeaving({ members, how })} />}
      </Panel>
      <Suspense>{leaving && <DepartureWizard {...leaving} onClose={() => setLeaving(undefined)} />}</Suspense>
    </>
  );
}
