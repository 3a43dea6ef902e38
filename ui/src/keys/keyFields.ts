import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { ApiKey } from '../api/schema';
import { useProblems } from '../language/problems';
import type { Wanted } from './keyMoves';
import { endOf, type Term } from './term';

interface Fields {
  name: string;
  permissions: string[];
  term: Term;
}

const fresh: Fields = { name: '', permissions: [], term: { span: '90', day: '' } };

/** The form of a key to be made, or of one that is there. */
export function useKeyForm(key: ApiKey | undefined) {
  const { t } = useTranslation();
  const { fields } = useProblems();
  const form = useForm<Fields>({
    initialValues: key ? { name: key.name, permissions: key.permissions, term: { span: 'keep', day: '' } } : fresh,
    validate: {
      name: (name) => (name.trim() ? null : t('field.required')),
      permissions: (chosen) => (chosen.length > 0 ? null : t('keys.may_none')),
      term: (term) => {
        if (term.span !== 'date') return null;
        const end = endOf(term, 0);
        if (!end || end.getTime() <= Date.now()) return t('keys.last_day_missing');
        return key?.expires_at && end > new Date(key.expires_at) ? t('keys.last_day_late') : null;
      },
    },
  });

  /** Puts what the server refused at the fields that it named. */
  const refuse = (error: unknown) => {
    const { expires_at: term, ...others } = fields(error);
    form.setErrors({ ...others, ...(term && { term }) });
  };

  return { form, refuse };
}

/** What is sent for what a form holds. */
export function wanted({ name, permissions, term }: Fields, now: number): Wanted {
  const end = endOf(term, now);
  return { name: name.trim(), permissions, ...(end && { expires_at: end.toISOString() }) };
}
