import { Box, Button, Group, Tabs, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { usePlace } from '../account/place';
import type { Member } from '../api/schema';
import { KeysCount, KeysHeld } from '../keys/KeysHeld';
import { StatusMark } from '../list/StatusMark';
import { nameOf } from '../me/name';
import panel from '../panel/Panel.module.css';
import { PanelFrame } from '../panel/PanelFrame';
import { PanelTabs } from '../panel/PanelTabs';
import { Unread } from '../panel/Unread';
import { Address } from '../people/Address';
import { Initials } from '../people/Initials';
import { HeldView } from '../resources/HeldView';
import { ActiveSwitch } from './ActiveSwitch';
import { DetailsForm } from './DetailsForm';
import { DevicesView } from './DevicesView';
import { useDialogs } from './dialog';
import { MemberMark } from './MemberMark';
import { MemberMenu } from './MemberMenu';
import { memberQuery } from './membersQuery';
import { PlaceNotice, useNoticed } from './PlaceNotice';
import { useRights } from './rights';
import { StatusSelect } from './StatusSelect';
import { TimelineView } from './TimelineView';
import { useWaysOut } from './waysOut';

const views = ['details', 'holdings', 'devices', 'keys', 'timeline'] as const;
type PanelView = (typeof views)[number];

/** One person's place: who they are, what they may do, where they are signed in, what happened. */
export default function UserPanel({ id }: { id: string }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const noticed = useNoticed(id);
  const { isSelf } = useRights();
  const read = useQuery(memberQuery(account.id, id));
  if (!read.data || !noticed) return <Unread read={read} title={t('user.panel')} />;

  const { data: member, tag } = read.data;
  const name = nameOf(member);
  return (
    <PanelFrame
      picture={<Initials id={member.id} name={name} size={44} />}
      title={
        <>
          {name}
          {isSelf(member) && <span className={panel.you}> {t('users.you')}</span>}
        </>
      }
      note={
        <>
          <Address email={member.email} />
          <div className={panel.status}>
            <MemberMark status={member.status} />
            <StatusMark tone={member.mfa ? 'done' : 'quiet'}>
              {member.mfa ? t('user.factor_on') : t('user.factor_off')}
            </StatusMark>
          </div>
        </>
      }
      actions={<MemberMenu member={member} pencil={false} />}
    >
      <PlaceNotice member={member} />
      <Views member={member} tag={tag} />
    </PanelFrame>
  );
}

function Views({ member, tag }: { member: Member; tag: string }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { mayReadEvents, mayChange, mayReadKeys, isSelf } = useRights();
  const [search, setSearch] = useSearchParams();
  const view = views.find((one) => one === search.get('view')) ?? 'details';
  const show = (wanted: PanelView) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        if (wanted === 'details') after.delete('view');
        else after.set('view', wanted);
        return after;
      },
      { replace: true },
    );

  return (
    <PanelTabs value={view} onChange={(wanted) => show(wanted as PanelView)}>
      <Tabs.List>
        <Tabs.Tab value="details">{t('user.details')}</Tabs.Tab>
        <Tabs.Tab value="holdings">{t('resources.held.title')}</Tabs.Tab>
        {(mayChange(member) || isSelf(member)) && <Tabs.Tab value="devices">{t('user.devices')}</Tabs.Tab>}
        {mayReadKeys(member) && (
          <Tabs.Tab value="keys" rightSection={<KeysCount member={member} />}>
            {t('user.keys')}
          </Tabs.Tab>
        )}
        {mayReadEvents && <Tabs.Tab value="timeline">{t('user.timeline')}</Tabs.Tab>}
      </Tabs.List>
      {/* What is half written stays while another view is looked at. */}
      <Tabs.Panel value="details" keepMounted>
        {account.preset === 'credits' && (
          <Box mb="lg">
            <ActiveSwitch member={member} label={t('add.active')} />
          </Box>
        )}
        <DetailsForm member={member} tag={tag} />
        <WaysOut member={member} />
      </Tabs.Panel>
      <Tabs.Panel value="holdings">
        <HeldView member={member} />
      </Tabs.Panel>
      <Tabs.Panel value="devices">
        <DevicesView member={member} />
      </Tabs.Panel>
      <Tabs.Panel value="keys">
        <KeysHeld member={member} />
      </Tabs.Panel>
      <Tabs.Panel value="timeline">
        <TimelineView member={member} />
      </Tabs.Panel>
    </PanelTabs>
  );
}

/** The ways out of the account, at the foot of the panel. */
function WaysOut({ member }: { member: Member }) {
  const { t } = useTranslation();
  const open = useDialogs();
  const { mayLetGo } = useRights();
  const { account } = usePlace();
  const ways = useWaysOut(member);
  if (!mayLetGo(member)) return null;
  if (account.preset === 'field') {
    return (
      <Box className={panel.ways}>
        <StatusSelect member={member} />
      </Box>
    );
  }
  return (
    <Box className={panel.ways}>
      <Title order={3}>{t('user.leaving')}</Title>
      <Group gap="xs" mt="xs">
        {member.status !== 'active' && (
          <Button variant="default" onClick={() => open({ kind: 'return', member })}>
            {t('users.activate')}
          </Button>
        )}
        {ways.map(({ how, label }) => (
          <Button
            key={how}
            variant="default"
            c="var(--mantine-color-error)"
            onClick={() => open({ kind: 'depart', members: [member], how })}
          >
            {label}
          </Button>
        ))}
      </Group>
    </Box>
  );
}
