import type { Holder, Resource } from '../api/schema';

const find = ({ people }: Resource, member: string | null) => people.find((one) => one.member === member);

export const ownerOf = (resource: Resource): Holder | undefined => find(resource, resource.owner);

/** Who works on it, in the order they were assigned, also who has left since. */
export const teamOf = (resource: Resource): Holder[] =>
  resource.assignees.flatMap((member) => find(resource, member) ?? []);
