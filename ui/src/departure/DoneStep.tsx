import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Departure, Member, Receipt } from '../api/schema';
import { useDates } from '../language/dates';
import { nameOf } from '../me/name';
import { saveFile } from '../users/csv';
import { DialogFoot } from '../users/DialogFoot';
import classes from './DoneStep.module.css';
import { Effects } from './Effects';
import { useUndo } from './undo';

interface DoneStepProps {
  member: Member;
  plan: Departure;
  receipt: Receipt;
  next: string | undefined;
  onNext: () => void;
  onClose: () => void;
  onUndone: () => void;
}

/** What was done, signed, and the way back while it is open. */
export function DoneStep({ member, plan, receipt, next, onNext, onClose, onUndone }: DoneStepProps) {
  const { t } = useTranslation();
  const undo = useUndo();
  const name = nameOf(member);
  const left = receipt.members.find((one) => one.member === member.id);

  return (
    <Stack gap="lg">
      <Group gap="sm" wrap="nowrap" align="flex-start" role="status">
        <IconCircleCheck size={24} className={classes.done} aria-hidden />
        <div>
          <Text fw={600}>{t(`departure.done.${plan.kind}`, { name })}</Text>
          <Text c="dimmed">{t('departure.signed_out')}</Text>
        </div>
      </Group>
      {left && <Effects member={member} how={plan.kind} effects={left.effects} />}
      <ReceiptLine receipt={receipt} />
      <DialogFoot apart>
        {plan.kind === 'delete' ? (
          <span />
        ) : (
          <Button
            variant="default"
            loading={undo.isPending}
            onClick={() => undo.mutate({ departure: plan.id, name }, { onSuccess: onUndone })}
          >
            {t('shell.undo')}
          </Button>
        )}
        {next ? (
          <Button onClick={onNext}>{t('departure.next', { name: next })}</Button>
        ) : (
          <Button onClick={onClose} data-autofocus>
            {t('departure.close')}
          </Button>
        )}
      </DialogFoot>
    </Stack>
  );
}

function ReceiptLine({ receipt }: { receipt: Receipt }) {
  const { t } = useTranslation();
  const dates = useDates();
  const { seq, hash } = receipt.chain_head;
  const save = () =>
    saveFile(`receipt-${receipt.departure}.json`, `${JSON.stringify(receipt, null, 2)}\n`, 'application/json');
  return (
    <div className={classes.receipt}>
      <div className={classes.words}>
        <Text size="xs" c="dimmed" className="figures">
          {t('departure.receipt', { time: dates.time(receipt.applied_at), seq })}
        </Text>
        <Text size="xs" c="dimmed" ff="monospace" truncate title={hash}>
          {hash}
        </Text>
      </div>
      <Anchor component="button" type="button" size="sm" onClick={save}>
        <IconDownload size={14} aria-hidden /> {t('departure.download')}
      </Anchor>
    </div>
  );
}
