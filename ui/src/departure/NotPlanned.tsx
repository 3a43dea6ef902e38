import { Alert, Anchor, Button, Group, Skeleton, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePlace } from '../account/place';
import { isProblem } from '../api/problem';
import type { Member } from '../api/schema';
import { DialogFoot } from '../form/DialogFoot';
import { useProblems } from '../language/problems';
import { nameOf } from '../me/name';
import { EndNow } from './EndNow';
import type { useWalk } from './walk';

interface NotPlannedProps {
  members: readonly Member[];
  walk: ReturnType<typeof useWalk>;
  onWithout: ((member: Member) => void) | undefined;
  onClose: () => void;
}

/** While the plan is made, or why there is none and what to do about it; the access can be ended meanwhile. */
export function NotPlanned({ members, walk, onWithout, onClose }: NotPlannedProps) {
  const { t } = useTranslation();
  const { path } = usePlace();
  const { sentence } = useProblems();
  const { error, refetch } = walk.planned;
  const aside = <EndNow members={members} walk={walk} />;
  if (!error) {
    return (
      <Stack gap="lg">
        <Stack gap="sm" role="status" aria-label={t('shell.loading')}>
          <Skeleton h={16} w="60%" />
          <Skeleton h={48} />
          <Skeleton h={48} />
        </Stack>
        <DialogFoot apart>
          {aside}
          <Button variant="default" onClick={onClose}>
            {t('shell.cancel')}
          </Button>
        </DialogFoot>
      </Stack>
    );
  }
  const open = isProblem(error, 'departure_open') ? error.extra : {};
  const inAnother = members.find(({ id }) => id === open.member);
  return (
    <Stack gap="lg">
      <Alert color="red" role="alert">
        {inAnother ? t('departure.in_another', { name: nameOf(inAnother) }) : sentence(error)}
        {typeof open.departure === 'string' && (
          <Anchor component={Link} to={path(`departures/${open.departure}`)} display="block" mt="xs">
            {t('departure.to_departure')}
          </Anchor>
        )}
      </Alert>
      <DialogFoot apart>
        {aside}
        <Group gap="xs">
          {isProblem(error, 'unreachable', 'internal') && (
            <Button variant="default" onClick={() => refetch()}>
              {t('entry.try_again')}
            </Button>
          )}
          {inAnother && onWithout && (
            <Button variant="default" onClick={() => onWithout(inAnother)}>
              {t('departure.without', { name: nameOf(inAnother) })}
            </Button>
          )}
          <Button onClick={onClose}>{t('shell.close')}</Button>
        </Group>
      </DialogFoot>
    </Stack>
  );
}
