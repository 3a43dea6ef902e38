import type { Role } from '../api/schema';
import { useLookup } from '../language/lookup';

/**
 * A role's name in the reader's language. Those that presets bring are in the
 * language files by their own name; one that somebody named keeps that name.
 */
export function useRoleName() {
  const lookup = useLookup();
  return (role: Pick<Role, 'name'>) => lookup(`roles.${role.name}`) ?? role.name;
}
