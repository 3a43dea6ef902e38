import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import type { Departure, DepartureKind, Member } from '../api/schema';
import { nameOf } from '../me/name';
import { DialogFoot } from '../users/DialogFoot';
import { Blockers } from './Blockers';
import { standing } from './decisions';
import { Effects } from './Effects';

interface PlanStepProps {
  member: Member;
  how: DepartureKind;
  plan: Departure;
  /** The plan is confirmed here, without a step of its own. */
  short: boolean;
  busy: boolean;
  settling: boolean;
  onSettleLater: () => void;
  onCancel: () => void;
  onContinue: () => void;
}

/** What will happen, with numbers; what stands in the way comes first, as the next thing to do. */
export function PlanStep(props: PlanStepProps) {
  const { member, how, plan, short, busy, settling, onSettleLater, onCancel, onContinue } = props;
  const { t } = useTranslation();
  const blocked = standing(plan);
  const name = nameOf(member);
  const lastOwner = blocked.some((blocker) => blocker.code === 'last_owner');

  return (
    <Stack gap="lg">
      <Blockers member={member} how={how} plan={plan} blockers={blocked} />
      {blocked.length === 0 && (
        <section>
          <Title order={3} mb="xs">
            {t('departure.will_happen')}
          </Title>
          <Effects member={member} how={how} effects={plan.effects} before />
        </section>
      )}
      {short && <UndoHint how={how} />}
      <DialogFoot apart>
        {member.status === 'active' && !lastOwner ? (
          <Button variant="transparent" px={0} onClick={onSettleLater} loading={settling}>
            {t('departure.settle_later')}
          </Button>
        ) : (
          <span />
        )}
        <Group gap="xs">
          <Button variant="default" onClick={onCancel} data-autofocus={short || undefined}>
            {t('shell.cancel')}
          </Button>
          {blocked.length === 0 &&
            (short ? (
              <Button color="red" onClick={onContinue} loading={busy}>
                {t(`departure.title.${how}`, { name })}
              </Button>
            ) : (
              <Button onClick={onContinue} data-autofocus>
                {t('departure.continue')}
              </Button>
            ))}
        </Group>
      </DialogFoot>
    </Stack>
  );
}

/** Whether there is a way back, and for how long. */
export function UndoHint({ how }: { how: DepartureKind }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const hours = Math.round(account.policy.undo_window / 3600);
  return (
    <Text size="sm" c="dimmed">
      {how === 'delete' ? t('departure.no_undo') : t('departure.undo_hours', { count: hours })}
    </Text>
  );
}
