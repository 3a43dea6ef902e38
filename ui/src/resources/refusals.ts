import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/problem';
import { useProblems } from '../language/problems';
import type { TypeWords } from './typeWords';

/** Why somebody may not own a resource or work on it, in the words of its type. */
export function useHolderRefusal(words: TypeWords): (error: unknown, as: 'owner' | 'assignee') => string | undefined {
  const { t } = useTranslation();
  const { sentence } = useProblems();
  return (error, as) => {
    if (!error) return undefined;
    if (isProblem(error, 'guest_limit')) {
      return as === 'owner' ? t('resources.refused.owns_none', words) : t('resources.refused.one_only', words);
    }
    if (isProblem(error, 'out_of_reach')) return t('resources.refused.out_of_reach', words);
    if (isProblem(error, 'member_inactive')) return t('resources.refused.inactive');
    return sentence(error);
  };
}
