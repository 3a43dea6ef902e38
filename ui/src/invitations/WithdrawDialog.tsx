import { Button, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import type { Invitation } from '../api/schema';
import { DialogFoot } from '../form/DialogFoot';
import { useFormats } from '../language/formats';
import { useInvitationMoves } from './invitationMoves';

interface WithdrawDialogProps {
  invitations: readonly Invitation[];
  /** Hears which were refused, by their ids. */
  onDone?: ((left: readonly string[]) => void) | undefined;
  onClose: () => void;
}

/** Asks before invitations are taken back: their links are dead from then on, and nothing revives them. */
export default function WithdrawDialog({ invitations, onDone, onClose }: WithdrawDialogProps) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const { account } = usePlace();
  const { withdraw, withdrawMany } = useInvitationMoves();
  const [done, setDone] = useState(0);
  const [first] = invitations;
  const many = invitations.length > 1;
  const named = {
    count: invitations.length,
    formatted: number(invitations.length),
    email: first?.email ?? '',
    context: account.preset,
  };
  const what = many ? t('pending.withdraw_many', named) : t('pending.withdraw_it', named);
  const finish = (left: readonly string[]) => {
    onClose();
    onDone?.(left);
  };
  const start = () => {
    if (many) {
      void withdrawMany
        .mutateAsync({ invitations, onProgress: setDone })
        .then((missed) => finish(missed.map(({ one }) => one.id)));
    } else if (first) {
      withdraw.mutateAsync(first).then(
        () => finish([]),
        () => {},
      );
    }
  };

  return (
    <Modal opened onClose={onClose} title={what} size={480}>
      <Stack gap="lg">
        <Text>{t('pending.withdraw_why', { count: invitations.length })}</Text>
        <DialogFoot>
          <Button variant="default" data-autofocus onClick={onClose}>
            {t('shell.cancel')}
          </Button>
          {withdrawMany.isPending ? (
            <Button color="red" disabled>
              {t('pending.progress', { done: number(done), all: named.formatted })}
            </Button>
          ) : (
            <Button color="red" loading={withdraw.isPending} onClick={start}>
              {what}
            </Button>
          )}
        </DialogFoot>
      </Stack>
    </Modal>
  );
}
