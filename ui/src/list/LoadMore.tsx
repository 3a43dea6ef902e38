import { Button, Stack, Text } from '@mantine/core';
import { useIntersection } from '@mantine/hooks';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblems } from '../language/problems';
import type { Paged } from './Pages';

type Followed = Pick<
  Paged<never>,
  'error' | 'hasNextPage' | 'isFetchingNextPage' | 'isFetchNextPageError' | 'fetchNextPage'
>;

/**
 * Fetches the next page when the end of the list comes near; the button is for who does not scroll. After a refusal it
 * says why and asks again only when it is told to.
 */
export function LoadMore({ list }: { list: Followed }) {
  const { t } = useTranslation();
  const { sentence } = useProblems();
  const { ref, entry } = useIntersection({ rootMargin: '600px' });
  const { error, hasNextPage, isFetchingNextPage, isFetchNextPageError: refused, fetchNextPage } = list;
  const due = (entry?.isIntersecting ?? false) && hasNextPage && !isFetchingNextPage && !refused;

  useEffect(() => {
    if (due) fetchNextPage();
  }, [due, fetchNextPage]);

  if (!hasNextPage) return null;
  return (
    <Stack ref={ref} align="center" gap={4} py="md">
      {refused && <Text role="alert">{sentence(error)}</Text>}
      <Button variant="subtle" onClick={() => fetchNextPage()} loading={isFetchingNextPage}>
        {refused ? t('entry.try_again') : t('users.load_more')}
      </Button>
    </Stack>
  );
}
