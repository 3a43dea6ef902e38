import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { usePlace } from '../account/place';
import type { ApiKey } from '../api/schema';
import { Panel } from '../panel/Panel';
import { usePanelPath } from '../panel/panelPath';
import { Allowed } from '../shell/Allowed';
import { PageHead } from '../shell/PageHead';
import { PageTabs } from '../shell/PageTabs';
import { useRights } from '../users/rights';
import { KeysList } from './KeysList';

const KeyPanel = lazy(() => import('./KeyPanel'));
const NewKeyDialog = lazy(() => import('./NewKeyDialog'));
const RevokeDialog = lazy(() => import('./RevokeDialog'));

/** What programs of the account come in by: one's own keys, and to who administers those of everybody. */
export default function KeysPage() {
  const { t } = useTranslation();
  return (
    <Allowed permission="keys.manage" title={t('shell.keys')}>
      <Keys />
    </Allowed>
  );
}

function Keys() {
  const { t } = useTranslation();
  const { session } = usePlace();
  const { administers } = useRights();
  const navigate = useNavigate();
  const keyPath = usePanelPath('keys');
  const { key: open } = useParams();
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey>();
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
      {t('keys.add')}
    </Button>
  );
  const list = (maker?: string) => <KeysList maker={maker} open={open} onRevoke={setRevoking} />;
  const close = () => navigate(keyPath());

  return (
    <>
      <PageHead title={t('shell.keys')} lead={t('keys.lead')} actions={add} />
      {administers ? (
        <PageTabs
          tabs={[
            { key: 'all', label: t('keys.all'), content: list() },
            { key: 'mine', label: t('keys.mine'), content: list(session.member_id) },
          ]}
        />
      ) : (
        list(session.member_id)
      )}
      <Panel open={open} label={t('keys.panel')} onClose={close}>
        {(id) => <KeyPanel key={id} id={id} onClose={close} />}
      </Panel>
      <Suspense>
        {making && <NewKeyDialog onClose={() => setMaking(false)} />}
        {revoking && <RevokeDialog apiKey={revoking} onClose={() => setRevoking(undefined)} />}
      </Suspense>
    </>
  );
}
