import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconDownload, IconReceipt } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePlace } from '../account/place';
import type { Departure, Member, Receipt } from '../api/schema';
import { DialogFoot } from '../form/DialogFoot';
import { useFormats } from '../language/formats';
import { nameOf } from '../me/name';
import { canComeBack } from './course';
import classes from './DoneStep.module.css';
import { Effects } from './Effects';
import { useEffectWords } from './effectWords';
import { waits } from './pace';
import { saveReceipt } from './receipt';
import { UnderWay, useFollowed } from './UnderWay';
import { useUndo } from './undo';

interface EndProps {
  onClose: () => void;
  onUndone: () => void;
}

interface DoneStepProps extends EndProps {
  member: Member;
  plan: Departure;
  receipt: Receipt;
}

/** What was done to one, signed, and the way back while it is open. */
export function DoneStep({ member, plan, receipt, onClose, onUndone }: DoneStepProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const name = nameOf(member);
  const left = receipt.members.find((one) => one.member === member.id);
  const effects = left?.effects.filter(({ count }) => count !== 0) ?? [];
  const say = useEffectWords(plan.people, plan.kind);

  return (
    <Stack gap="lg">
      <Group gap="sm" wrap="nowrap" align="flex-start" role="status">
        <IconCircleCheck size={24} className={classes.done} aria-hidden />
        <div>
          <Text fw={600}>{t(`departure.done.${plan.kind}`, { name })}</Text>
          <Text c="dimmed">{t('departure.signed_out')}</Text>
        </div>
      </Group>
      <Effects lines={effects.map((effect) => say(effect, 'after'))} />
      <ReceiptLine receipt={receipt} kept={plan.kind !== 'delete'} />
      <Foot
        departure={plan}
        name={name}
        undoable={canComeBack(account.policy, plan.kind)}
        onClose={onClose}
        onUndone={onUndone}
      />
    </Stack>
  );
}

interface FollowStepProps extends EndProps {
  members: readonly Member[];
  who: string;
  departure: Departure;
  /** What stands at the left of the buttons as long as it waits. */
  aside: ReactNode;
}

/** What waits for its time, or goes through several people while this is looked at. */
export function FollowStep({ members, who, departure, aside, onClose, onUndone }: FollowStepProps) {
  const { t } = useTranslation();
  const { path } = usePlace();
  const now = useFollowed(departure);
  return (
    <Stack gap="lg">
      {now.state === 'discarded' ? (
        <Text role="status">{t('departures.cancelled')}</Text>
      ) : (
        <UnderWay departure={now} alone={members.length === 1} />
      )}
      {now.state === 'applied' && (
        <Anchor component={Link} to={path(`departures/${now.id}/receipt`)} size="sm">
          <IconReceipt size={14} aria-hidden /> {t('departure.download')}
        </Anchor>
      )}
      <Foot
        departure={now}
        name={who}
        undoable={now.undoable}
        aside={waits(now) && aside}
        onClose={onClose}
        onUndone={onUndone}
      />
    </Stack>
  );
}

interface FootProps extends EndProps {
  departure: Departure;
  name: string;
  undoable: boolean;
  aside?: ReactNode;
}

function Foot({ departure, name, undoable: open, aside, onClose, onUndone }: FootProps) {
  const { t } = useTranslation();
  const undo = useUndo();
  return (
    <DialogFoot apart>
      {open ? (
        <Button
          variant="default"
          loading={undo.isPending}
          onClick={() => undo.mutate({ departure: departure.id, name }, { onSuccess: onUndone })}
        >
          {t('shell.undo')}
        </Button>
      ) : (
        aside || <span />
      )}
      <Button onClick={onClose} data-autofocus>
        {t('departure.close')}
      </Button>
    </DialogFoot>
  );
}

/** The receipt in a line, with the way to the page to print; of whoever is deleted only the file is left. */
function ReceiptLine({ receipt, kept }: { receipt: Receipt; kept: boolean }) {
  const { t } = useTranslation();
  const dates = useFormats();
  const { path } = usePlace();
  const { seq, hash } = receipt.chain_head;
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
      {kept ? (
        <Anchor component={Link} to={path(`departures/${receipt.departure}/receipt`)} size="sm">
          <IconReceipt size={14} aria-hidden /> {t('departure.download')}
        </Anchor>
      ) : (
        <Anchor component="button" type="button" size="sm" onClick={() => saveReceipt(receipt)}>
          <IconDownload size={14} aria-hidden /> {t('departure.download')}
        </Anchor>
      )}
    </div>
  );
}
