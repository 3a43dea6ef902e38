import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DepartureKind, Member } from '../api/schema';
import { nameOf } from '../me/name';
import { DialogFoot } from '../users/DialogFoot';
import { Initials } from '../users/Initials';
import classes from './ConfirmStep.module.css';
import { UndoHint } from './PlanStep';

interface ConfirmStepProps {
  member: Member;
  how: DepartureKind;
  busy: boolean;
  onBack: () => void;
  onConfirm: () => void;
}

/** Confirms by name. What cannot be undone is confirmed by writing the name. */
export function ConfirmStep({ member, how, busy, onBack, onConfirm }: ConfirmStepProps) {
  const { t } = useTranslation();
  const [written, setWritten] = useState('');
  const name = nameOf(member);
  const sure = how !== 'delete' || written.trim() === name;

  return (
    <Stack gap="lg">
      <Text>{t(`departure.confirm.${how}`, { name })}</Text>
      <div className={classes.person}>
        <Initials id={member.id} name={name} size={40} />
        <div className={classes.words}>
          <Text fw={600}>{name}</Text>
          <Text c="dimmed">{member.email}</Text>
        </div>
      </div>
      {how === 'delete' && (
        <TextInput
          label={t('departure.write_name', { name })}
          value={written}
          onChange={(event) => setWritten(event.currentTarget.value)}
          autoComplete="off"
          data-autofocus
        />
      )}
      <UndoHint how={how} />
      <DialogFoot>
        <Button variant="default" onClick={onBack} data-autofocus={how !== 'delete' || undefined}>
          {t('invite.back')}
        </Button>
        <Button color="red" onClick={onConfirm} loading={busy} disabled={!sure}>
          {t(`departure.title.${how}`, { name })}
        </Button>
      </DialogFoot>
    </Stack>
  );
}
