import { Alert, Button, Checkbox, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/problem';
import type { Member } from '../api/schema';
import { useDialogs } from './dialog';
import type { MemberPatch } from './memberChange';
import { useRights } from './rights';

/**
 * Whether a change looks like a login handed on: a new name with a new address,
 * at once or, as the server remembers, one shortly after the other.
 */
export function handsOn(patch: MemberPatch, refused: unknown): boolean {
  const renamed = patch.first_name !== undefined || patch.last_name !== undefined;
  const moved = patch.email !== undefined;
  return (renamed && moved) || ((renamed || moved) && isProblem(refused, 'identity_swap'));
}

interface HandedOnProps {
  member: Member;
  patch: MemberPatch;
  same: boolean;
  onSame: (same: boolean) => void;
}

/** Somebody else would take over the login of a person who never left: the ways to do it right, or to say that it is the same person. */
export function HandedOn({ member, patch, same, onSame }: HandedOnProps) {
  const { t } = useTranslation();
  const open = useDialogs();
  const { mayLetGo, mayInvite } = useRights();
  const { email } = patch;
  return (
    <Alert color="orange" title={t('user.handed_on')}>
      {t('user.handed_on_why')}
      <Group mt="sm" gap="xs">
        {mayLetGo(member) && (
          <Button
            size="compact-md"
            variant="default"
            onClick={() => open({ kind: 'depart', members: [member], how: 'deactivate' })}
          >
            {t('user.handed_on_way')}
          </Button>
        )}
        {mayInvite && email !== undefined && (
          <Button
            size="compact-md"
            variant="default"
            onClick={() => open({ kind: 'invite', again: { emails: [email] } })}
          >
            {t('user.handed_on_invite', { email })}
          </Button>
        )}
      </Group>
      <Checkbox
        mt="md"
        label={t('user.handed_on_same')}
        checked={same}
        onChange={(event) => onSame(event.currentTarget.checked)}
      />
    </Alert>
  );
}
