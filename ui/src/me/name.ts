interface Named {
  first_name: string;
  last_name: string;
  email: string;
}

/** What to call somebody: their name, or their address until they have one. */
export function nameOf(person: Named): string {
  return `${person.first_name} ${person.last_name}`.trim() || person.email;
}
