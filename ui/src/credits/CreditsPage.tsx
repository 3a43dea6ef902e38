import { Button } from '@mantine/core';
import { IconArrowsExchange } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace, useWords } from '../account/place';
import { Allowed } from '../shell/Allowed';
import { PageHead } from '../shell/PageHead';
import { PageTabs } from '../shell/PageTabs';
import { useRights } from '../users/rights';
import { DownloadsView } from './DownloadsView';
import { HoldersView } from './HoldersView';
import { LedgerView } from './LedgerView';
import type { Opening } from './MoveDialog';
import { RecordsView } from './RecordsView';
import { OwnTotals, Totals } from './Totals';
import { useCreditRights } from './way';

const MoveDialog = lazy(() => import('./MoveDialog'));

/** The credits of an account to who manages them; to anybody else their own, and the records the account has. */
export default function CreditsPage() {
  const { t } = useTranslation();
  const words = useWords();
  const { manages, spends } = useCreditRights();
  if (manages) return <Managed />;
  const permission = spends ? 'credits.spend' : 'resources.read';
  return (
    <Allowed permission={permission} title={words.credits}>
      <PageHead title={spends ? t('credits.mine') : t('credits.records')} lead={spends && t('credits.mine_lead')} />
      {spends && <OwnTotals />}
      <OwnTabs />
    </Allowed>
  );
}

function Managed() {
  const { t } = useTranslation();
  const words = useWords();
  const { mayRead } = useRights();
  const [move, setMove] = useState<Opening>();
  const ledger = { key: 'ledger', label: t('credits.ledger'), content: <LedgerView /> };

  return (
    <>
      <PageHead
        title={words.credits}
        lead={t('credits.lead')}
        actions={
          mayRead && (
            <Button leftSection={<IconArrowsExchange size={16} />} onClick={() => setMove({ from: 'company' })}>
              {t('credits.move')}
            </Button>
          )
        }
      />
      <Totals />
      <PageTabs
        tabs={[
          ...(mayRead
            ? [{ key: 'balances', label: t('credits.balances'), content: <HoldersView onMove={setMove} /> }]
            : []),
          ledger,
          { key: 'records', label: t('credits.records'), content: <RecordsView /> },
          { key: 'downloads', label: t('credits.downloads'), content: <DownloadsView /> },
        ]}
      />
      <Suspense>{move && <MoveDialog opening={move} onClose={() => setMove(undefined)} />}</Suspense>
    </>
  );
}

function OwnTabs() {
  const { t } = useTranslation();
  const { session } = usePlace();
  const { spends } = useCreditRights();
  return (
    <PageTabs
      tabs={[
        { key: 'records', label: t('credits.records'), content: <RecordsView /> },
        ...(spends
          ? [{ key: 'ledger', label: t('credits.own_ledger'), content: <LedgerView member={session.member_id} /> }]
          : []),
        { key: 'downloads', label: t('credits.downloads'), content: <DownloadsView /> },
      ]}
    />
  );
}
