import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DialogFoot } from '../form/DialogFoot';
import { useUnsaved } from '../form/unsaved';
import { useFocusBack } from '../shell/focusBack';
import type { Version } from './OwnerPart';
import { PersonField } from './PersonField';
import { useHolderRefusal } from './refusals';
import { useResourceMoves } from './resourceMoves';
import type { TypeWords } from './typeWords';

interface TransferDialogProps {
  version: Version;
  words: TypeWords;
  onClose: () => void;
}

/** Hands a resource to another owner, or leaves it without one. */
export default function TransferDialog({ version: { data: resource, tag }, words, onClose }: TransferDialogProps) {
  const { t } = useTranslation();
  const { change } = useResourceMoves();
  const refusal = useHolderRefusal(words);
  const [member, setMember] = useState('');
  useFocusBack();
  const close = useUnsaved(member !== '', onClose);
  const hand = (owner: string | null) => change.mutate({ resource, to: { owner }, tag }, { onSuccess: onClose });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    hand(member);
  };
  return (
    <Modal opened onClose={close} title={t('resources.transfer_it', { name: resource.name })} size={480}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text c="dimmed">{t('resources.transfer_why')}</Text>
          <PersonField
            label={t('resources.transfer_to')}
            placeholder={t('resources.choose')}
            value={member}
            onChange={(chosen) => {
              change.reset();
              setMember(chosen);
            }}
            active
            error={refusal(change.error, 'owner')}
          />
          <DialogFoot apart={resource.owner !== null}>
            {resource.owner !== null && (
              <Button variant="transparent" px={0} onClick={() => hand(null)}>
                {t('resources.give_up')}
              </Button>
            )}
            <Group gap="xs">
              <Button variant="default" onClick={onClose}>
                {t('shell.cancel')}
              </Button>
              <Button type="submit" disabled={!member || member === resource.owner} loading={change.isPending}>
                {t('resources.transfer')}
              </Button>
            </Group>
          </DialogFoot>
        </Stack>
      </form>
    </Modal>
  );
}
