import type { Module, Role } from '../api/schema';

/** What somebody is given: a role, and what of the account they reach with it. */
export interface Grants {
  role: string;
  modules: string[];
  sub_accounts: string[];
}

/** Leaves out what the role does not take: the server refuses modules for a role that has them all. */
export function fitting(grants: Grants, role: Role | undefined, modules: readonly Module[]): Grants {
  const chosen = role?.modules === 'chosen' && !role.administers;
  const givable = modules.filter((module) => !module.admin_only).map((module) => module.id);
  return {
    role: grants.role,
    modules: chosen ? grants.modules.filter((module) => givable.includes(module)) : [],
    sub_accounts: role?.administers ? [] : grants.sub_accounts,
  };
}

/** Whether the role asks for modules and none is chosen. */
export const lacksModule = (grants: Grants, role: Role | undefined) =>
  role?.modules === 'chosen' && !role.administers && grants.modules.length === 0;

/** The names of those that are given by their ids, in the order in which the account has them. */
export const namesOf = (all: readonly { id: string; name: string }[], ids: readonly string[]): string[] =>
  all.filter(({ id }) => ids.includes(id)).map(({ name }) => name);
