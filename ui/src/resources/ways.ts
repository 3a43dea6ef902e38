import { IconFolders } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { usePlace } from '../account/place';
import { resourceTypesQuery } from '../api/queries';
import type { Way } from '../shell/Navigation';
import { useTypeWords } from './typeWords';

/** The ways to what people of the account own and work on, a page for each type. */
export function useResourceWays(): Way[] {
  const { account, can, path } = usePlace();
  const reads = can('resources.read');
  const types = useQuery({ ...resourceTypesQuery(account.id), enabled: reads }).data ?? [];
  const wordsOf = useTypeWords();
  if (!reads) return [];
  return types.map((type) => ({ to: path(`resources/${type.key}`), label: wordsOf(type).Many, icon: IconFolders }));
}
