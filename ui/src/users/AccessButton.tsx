import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useWords } from '../account/place';
import type { Member } from '../api/schema';
import { nameOf } from '../me/name';
import { useDialogs } from './dialog';
import { useRights } from './rights';

/** The button beside somebody's name that ends their access or gives it back; a dialog says first what that does. */
export function AccessButton({ member }: { member: Member }) {
  const { t } = useTranslation();
  const words = useWords();
  const open = useDialogs();
  const { mayLetGo } = useRights();
  const name = nameOf(member);
  if (!mayLetGo(member)) return null;
  if (member.status === 'active') {
    return (
      <Button
        size="compact-sm"
        variant="light"
        color="violet"
        aria-label={t('departure.title.deactivate', { name })}
        onClick={() => open({ kind: 'depart', members: [member], how: 'deactivate' })}
      >
        {words.deactivate}
      </Button>
    );
  }
  return (
    <Button
      size="compact-sm"
      variant="default"
      aria-label={t('departure.return', { name })}
      onClick={() => open({ kind: 'return', member })}
    >
      {t('users.activate')}
    </Button>
  );
}
