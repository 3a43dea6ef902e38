import { useTranslation } from 'react-i18next';
import { asProblem, type FieldProblem, isProblem } from '../api/problem';
import { useLookup } from './lookup';

/** Whether a refusal names the fields that are wrong: then it stands at them. */
export const inFields = (error: unknown): boolean => isProblem(error, 'invalid') && error.errors.length > 0;

/**
 * Sentences for refusals, chosen by their stable code. A code that the language
 * file does not know shows the server's own sentence.
 */
export function useProblems() {
  const { t } = useTranslation();
  const lookup = useLookup();

  const field = ({ field: name, code, detail }: FieldProblem) =>
    lookup(`field.${name}_${code}`) ?? lookup(`field.${code}`) ?? detail;

  const sentence = (error: unknown): string => {
    const problem = asProblem(error);
    if (problem.code === 'too_many_attempts' || problem.code === 'rate_limited') {
      return t('problem.too_many_attempts', { count: Math.max(1, Math.ceil(problem.retryAfter / 60)) });
    }
    const first = problem.errors[0];
    if ((problem.code === 'invalid' || problem.code === 'weak_password') && first) return field(first);
    return lookup(`problem.${problem.code}`) ?? lookup(`refusal.${problem.code}`) ?? problem.detail;
  };

  /** What is wrong by field, for `form.setErrors`. */
  const fields = (error: unknown): Record<string, string> =>
    Object.fromEntries(asProblem(error).errors.map((problem) => [problem.field, field(problem)]));

  return { sentence, fields };
}
