import { Box, Button, Drawer, Group, Tabs, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { usePlace } from '../account/place';
import type { Member } from '../api/schema';
import { KeysCount, KeysHeld } from '../keys/KeysHeld';
import { ListProblem } from '../list/ListProblem';
import { StatusMark } from '../list/StatusMark';
import { nameOf } from '../me/name';
import classes from '../panel/Panel.module.css';
import { PanelSkeleton } from '../panel/PanelSkeleton';
import { Address } from '../people/Address';
import { Initials } from '../people/Initials';
import { HeldView } from '../resources/HeldView';
import { ActiveSwitch } from './ActiveSwitch';
import { DetailsForm } from './DetailsForm';
import { DevicesView } from './DevicesView';
import { useDialogs } from './dialogs';
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
  const read = useQuery(memberQuery(account.id, id));
  const member = read.data?.data;

  if (read.error && !member) {
    return (
      <>
        <Group justify="flex-end" p="md">
          <Drawer.CloseButton aria-label={t('shell.close')} />
        </Group>
        <ListProblem error={read.error} retry={read.refetch} />
      </>
    );
  }
  if (!read.data || !member || !noticed) return <PanelSkeleton />;

  return (
    <div className={classes.panel}>
      <Head member={member} />
      <PlaceNotice member={member} />
      <Views member={member} tag={read.data.tag} />
    </div>
  );
}

function Head({ member }: { member: Member }) {
  const { t } = useTranslation();
  const { isSelf } = useRights();
  const name = nameOf(member);
  const tone = { active: 'done', suspended: 'waiting', inactive: 'quiet', removed: 'ended', deleted: 'ended' } as const;
  return (
    <div className={classes.head}>
      <Initials id={member.id} name={name} size={44} />
      <div className={classes.who}>
        <Drawer.Title>
          <Text component="span" fz="lg" fw={600} lineClamp={2}>
            {name}
            {isSelf(member) && <span className={classes.you}> {t('users.you')}</span>}
          </Text>
        </Drawer.Title>
        <div className={classes.email}>
          <Address email={member.email} />
        </div>
        <div className={classes.status}>
          <StatusMark tone={tone[member.status]}>{t(`status.${member.status}`)}</StatusMark>
          <StatusMark tone={member.mfa ? 'done' : 'quiet'}>
            {member.mfa ? t('user.factor_on') : t('user.factor_off')}
          </StatusMark>
        </div>
      </div>
      <MemberMenu member={member} pencil={false} />
      <Drawer.CloseButton aria-label={t('shell.close')} />
    </div>
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
    <Tabs
      value={view}
      onChange={(wanted) => show(wanted as PanelView)}
      keepMounted={false}
      keepMountedMode="display-none"
      className={classes.views}
      classNames={{ list: classes.tabs, panel: classes.view }}
    >
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
    </Tabs>
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
      <Box className={classes.ways}>
        <StatusSelect member={member} />
      </Box>
    );
  }
  return (
    <Box className={classes.ways}>
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
