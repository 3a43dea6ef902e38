import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NotSaved } from '../form/NotSaved';
import { useUnsaved } from '../form/unsaved';
import { useFocusBack } from '../shell/focusBack';

interface NameDialogProps {
  title: string;
  label: string;
  /** The name as it is; empty for something new. */
  name: string;
  submit: string;
  busy: boolean;
  error: unknown;
  /** Shows the name that somebody else gave it meanwhile. */
  onNewer: () => unknown;
  onSubmit: (name: string) => void;
  onClose: () => void;
}

/** Asks for one name. */
export function NameDialog({ title, label, name, submit, busy, error, onNewer, onSubmit, onClose }: NameDialogProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(name);
  useFocusBack();
  const close = useUnsaved(typed !== name, onClose);
  const save = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(typed.trim());
  };

  return (
    <Modal opened onClose={close} title={title} size={440}>
      <form onSubmit={save}>
        <Stack gap="md">
          <NotSaved error={error} onNewer={onNewer} />
          <TextInput
            label={label}
            data-autofocus
            required
            withAsterisk={false}
            maxLength={120}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('shell.cancel')}
            </Button>
            <Button type="submit" loading={busy} disabled={typed.trim() === '' || typed.trim() === name}>
              {submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
