import { useRights } from '../users/rights';
import { useRoleName } from './roleName';

/** What the role of a key is called; one that is not read yet by its key. */
export function useRoleOf(): (key: string) => string {
  const { roles } = useRights();
  const roleName = useRoleName();
  return (key) => {
    const role = roles.find((one) => one.key === key);
    return role ? roleName(role) : key;
  };
}
