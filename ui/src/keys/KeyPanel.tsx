import { Alert, Stack, Tabs, Text, Title } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { EventList } from '../activity/EventList';
import { eventsQuery } from '../activity/eventsQuery';
import type { ApiKey } from '../api/schema';
import { When } from '../language/When';
import { EmptyList } from '../list/EmptyList';
import { Pages } from '../list/Pages';
import panel from '../panel/Panel.module.css';
import { PanelFrame } from '../panel/PanelFrame';
import { PanelTabs } from '../panel/PanelTabs';
import { Unread } from '../panel/Unread';
import { FactList } from '../shell/FactList';
import { KeyForm } from './KeyForm';
import { KeyMark } from './KeyMark';
import { Hint } from './KeyName';
import { keyQuery } from './keysQuery';
import { Moment } from './Moment';
import { type Maker, useMakers } from './makers';
import { usePurposes } from './purposes';
import { RevokeButton } from './RevokeButton';
import { standingOf, withheld } from './standing';

const RevokeDialog = lazy(() => import('./RevokeDialog'));

interface KeyPanelProps {
  id: string;
  onClose: () => void;
}

/** One key: whose it is, what it may do and does, and its end. */
export default function KeyPanel({ id, onClose }: KeyPanelProps) {
  const { t } = useTranslation();
  const { account, can } = usePlace();
  const read = useQuery(keyQuery(account.id, id));
  const makerOf = useMakers(read.data ? [read.data.data] : []);

  if (!read.data) return <Unread read={read} title={t('keys.panel')} />;
  const key = read.data.data;
  const maker = makerOf(key);
  return (
    <PanelFrame title={key.name} note={<KeyMark apiKey={key} maker={maker} />}>
      <PanelTabs defaultValue="details">
        <Tabs.List>
          <Tabs.Tab value="details">{t('keys.details')}</Tabs.Tab>
          {can('events.read') && <Tabs.Tab value="done">{t('keys.done')}</Tabs.Tab>}
        </Tabs.List>
        {/* What is half written stays while another view is looked at. */}
        <Tabs.Panel value="details" keepMounted>
          <Stack gap="lg">
            <Why apiKey={key} maker={maker} />
            <Facts apiKey={key} maker={maker} />
          </Stack>
          {maker?.under && <KeyForm latest={read.data} />}
          {maker?.under && <End apiKey={key} onRevoked={onClose} />}
        </Tabs.Panel>
        <Tabs.Panel value="done">
          <Done apiKey={key} />
        </Tabs.Panel>
      </PanelTabs>
    </PanelFrame>
  );
}

interface OfKey {
  apiKey: ApiKey;
  maker: Maker | undefined;
}

/** Why the key does not do all that it was made for, or may not be changed. */
function Why({ apiKey, maker }: OfKey) {
  const { t } = useTranslation();
  const { phrase } = usePurposes();
  if (!maker) return null;
  const { name } = maker;
  const standing = standingOf(apiKey, maker, Date.now());
  const what = phrase(withheld(apiKey, maker));
  const why = {
    over: t('keys.over_why'),
    barred: maker.factorDue ? t('keys.barred_factor', { name }) : t('keys.barred_role', { name }),
    limited: t('keys.limited_why', { name, what }),
    ending: undefined,
    unused: undefined,
    used: undefined,
  }[standing];
  return (
    <>
      {why && <Alert color="orange">{why}</Alert>}
      {!maker.under && <Alert color="gray">{t('keys.above')}</Alert>}
    </>
  );
}

function Facts({ apiKey, maker }: OfKey) {
  const { t } = useTranslation();
  const { labels } = usePurposes();
  const facts = [
    { label: t('keys.column.key'), value: <Hint apiKey={apiKey} /> },
    { label: t('keys.column.maker'), value: maker?.name ?? '…' },
    { label: t('keys.column.made'), value: <When at={apiKey.created_at} as="day" /> },
    { label: t('keys.column.used'), value: <Moment at={apiKey.last_used_at} /> },
    { label: t('keys.column.ends'), value: <Moment at={apiKey.expires_at} as="day" /> },
    // Who may change it sees this in the form.
    { label: t('keys.column.may'), value: !maker?.under && labels(apiKey.permissions).join(', ') },
  ];
  return <FactList facts={facts} />;
}

/** What the trail says was done with the key, the newest first. */
function Done({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const by = { actor: apiKey.id, action: '', subject: '', since: '', until: '' };
  const trail = useInfiniteQuery(eventsQuery(account.id, by));
  return (
    <Pages
      list={trail}
      empty={
        <EmptyList icon={<IconHistory />} title={t('keys.done_none')}>
          {t('keys.done_none_why')}
        </EmptyList>
      }
    >
      {(events) => <EventList events={events} narrow />}
    </Pages>
  );
}

function End({ apiKey, onRevoked }: { apiKey: ApiKey; onRevoked: () => void }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  return (
    <section className={panel.ways}>
      <Title order={3}>{t('keys.end')}</Title>
      <Text c="dimmed">{t('keys.end_why')}</Text>
      <RevokeButton
        mt="xs"
        variant="default"
        c="var(--mantine-color-error)"
        name={apiKey.name}
        onClick={() => setAsking(true)}
      />
      <Suspense>
        {asking && <RevokeDialog apiKey={apiKey} onClose={() => setAsking(false)} onRevoked={onRevoked} />}
      </Suspense>
    </section>
  );
}
