import { useTranslation } from 'react-i18next';
import type { Holder, Resource } from '../api/schema';

// What the server calls somebody whose personal data is erased.
const forgotten = 'Former member';

/** The name of somebody who holds or held a resource, in the reader's language where nobody is left to name. */
export function useShownName(): (name: string) => string {
  const { t } = useTranslation();
  return (name) => (name === forgotten ? t('activity.former') : name);
}

const find = ({ people }: Resource, member: string | null) => people.find((one) => one.member === member);

export const ownerOf = (resource: Resource): Holder | undefined => find(resource, resource.owner);

/** Who works on it, in the order they were assigned, also who has left since. */
export const teamOf = (resource: Resource): Holder[] =>
  resource.assignees.flatMap((member) => find(resource, member) ?? []);
