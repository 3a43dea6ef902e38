import { Button, Center } from '@mantine/core';
import { useIntersection } from '@mantine/hooks';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

interface LoadMoreProps {
  more: boolean;
  busy: boolean;
  onMore: () => void;
}

/** Fetches the next page when the end of the list comes near; the button is for who does not scroll. */
export function LoadMore({ more, busy, onMore }: LoadMoreProps) {
  const { t } = useTranslation();
  const { ref, entry } = useIntersection({ rootMargin: '600px' });
  const near = entry?.isIntersecting ?? false;

  useEffect(() => {
    if (near && more && !busy) onMore();
  }, [near, more, busy, onMore]);

  if (!more) return null;
  return (
    <Center ref={ref} py="md">
      <Button variant="subtle" onClick={onMore} loading={busy}>
        {t('users.load_more')}
      </Button>
    </Center>
  );
}
