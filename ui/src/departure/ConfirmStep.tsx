import { Button, Group, List, Radio, Stack, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DepartureKind, Member } from '../api/schema';
import { DialogFoot } from '../form/DialogFoot';
import { useFormats } from '../language/formats';
import { nameOf } from '../me/name';
import { Address } from '../people/Address';
import { Initials } from '../people/Initials';
import classes from './ConfirmStep.module.css';
import { UndoHint } from './PlanStep';
import { inputOf, momentOf } from './time';

interface ConfirmStepProps {
  members: readonly Member[];
  who: string;
  how: DepartureKind;
  /** Whether a time can be set: what has begun cannot wait. */
  settable: boolean;
  /** Whether it is about a time from the start. */
  later: boolean;
  busy: boolean;
  aside: ReactNode;
  onBack: () => void;
  onConfirm: (at: Date | undefined) => void;
}

/** Confirms by name, now or at a set time. What cannot be undone is confirmed by writing the name. */
export function ConfirmStep(props: ConfirmStepProps) {
  const { members, who, how, settable, busy, aside, onBack, onConfirm } = props;
  const { t } = useTranslation();
  const [written, setWritten] = useState('');
  const [later, setLater] = useState(props.later);
  const [time, setTime] = useState('');
  const [tried, setTried] = useState(false);
  const writes = how === 'delete' && members.length === 1;
  const sure = !writes || written.trim() === who;
  const at = later ? momentOf(time) : undefined;
  const kind = members.length > 1 ? (`${how}_several` as const) : how;
  const confirm = () => {
    if (later && (!at || at <= new Date())) setTried(true);
    else onConfirm(at);
  };

  return (
    <Stack gap="lg">
      {!later && <Text>{t(`departure.confirm.${kind}`)}</Text>}
      <People members={members} />
      {settable && (
        <When later={later} onLater={setLater} time={time} onTime={setTime} wrong={tried && !(at && at > new Date())} />
      )}
      {writes && (
        <TextInput
          label={t('departure.write_name', { name: who })}
          value={written}
          onChange={(event) => setWritten(event.currentTarget.value)}
          autoComplete="off"
          data-autofocus
        />
      )}
      <UndoHint how={how} />
      <DialogFoot apart>
        {aside}
        <Group gap="xs">
          <Button variant="default" onClick={onBack} data-autofocus={!writes || undefined}>
            {t('invite.back')}
          </Button>
          <Button color="red" onClick={confirm} loading={busy} disabled={!sure}>
            {later ? t(`departure.later.${how}`, { name: who }) : t(`departure.title.${how}`, { name: who })}
          </Button>
        </Group>
      </DialogFoot>
    </Stack>
  );
}

/** As many as are named one by one. */
const named = 6;

/** Whom it is about, by name. */
function People({ members }: { members: readonly Member[] }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const more = members.length - named;
  const [one] = members;
  if (members.length === 1 && one) {
    return (
      <div className={classes.person}>
        <Initials id={one.id} name={nameOf(one)} size={40} />
        <div className={classes.words}>
          <Text fw={600}>{nameOf(one)}</Text>
          <Text c="dimmed">
            <Address email={one.email} />
          </Text>
        </div>
      </div>
    );
  }
  return (
    <List className={classes.people} listStyleType="none" withPadding={false}>
      {members.slice(0, named).map((member) => (
        <List.Item key={member.id} icon={<Initials id={member.id} name={nameOf(member)} size={24} />}>
          {nameOf(member)}
        </List.Item>
      ))}
      {more > 0 && <List.Item>{t('departure.and_more', { count: more, formatted: number(more) })}</List.Item>}
    </List>
  );
}

interface WhenProps {
  later: boolean;
  onLater: (later: boolean) => void;
  time: string;
  onTime: (time: string) => void;
  wrong: boolean;
}

function When({ later, onLater, time, onTime, wrong }: WhenProps) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs">
      <Radio.Group
        label={t('departure.when')}
        value={later ? 'later' : 'now'}
        onChange={(value) => onLater(value === 'later')}
      >
        <Group mt="xs" gap="lg">
          <Radio value="now" label={t('departure.now')} />
          <Radio value="later" label={t('departure.at_time')} />
        </Group>
      </Radio.Group>
      {later && (
        <TextInput
          type="datetime-local"
          label={t('departure.time')}
          description={t('departure.time_hint')}
          min={inputOf(new Date())}
          value={time}
          onChange={(event) => onTime(event.currentTarget.value)}
          error={wrong && t('departure.time_wrong')}
        />
      )}
    </Stack>
  );
}
