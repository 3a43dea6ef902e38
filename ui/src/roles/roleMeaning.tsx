import { useTranslation } from 'react-i18next';
import type { Role } from '../api/schema';
import { useFormats } from '../language/formats';
import { useRights } from '../users/rights';
import { families } from './permissions';

const managing = families.filter(({ key }) => key !== 'work').flatMap(({ permissions }) => permissions);

/** A label as it stands within a sentence. */
export const inSentence = (label: string) => label.charAt(0).toLowerCase() + label.slice(1);

/** What a role means, in two sentences made from its rights: what one works with, and what one manages. */
export function useRoleMeaning() {
  const { t } = useTranslation();
  const { list } = useFormats();
  const { roles } = useRights();
  /** Said only where others pay. */
  const free = ({ billable }: Role) => !billable && roles.some((other) => other.billable);

  const works = ({ reach, modules }: Role) => {
    if (reach === 'single') return t('grants.meaning.single');
    if (reach === 'assigned') return t('grants.meaning.assigned');
    return modules === 'chosen' ? t('grants.meaning.chosen') : t('grants.meaning.all');
  };

  return (role: Role) => {
    if (role.administers) return t('grants.meaning.administers');
    const also = managing.filter((permission) => role.permissions.includes(permission));
    const manages =
      also.length === 0
        ? t('grants.meaning.manages_nobody')
        : t('grants.meaning.also', { what: list(also.map((permission) => inSentence(t(`permission.${permission}`)))) });
    return (
      <>
        {works(role)} {manages} {free(role) && t('grants.meaning.free')}
      </>
    );
  };
}
