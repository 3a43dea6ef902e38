interface Named {
  first_name: string;
  last_name: string;
  email: string;
}

/** What to call somebody: their name, or their address until they have one. */
export function nameOf(person: Named): string {
  return `${person.first_name} ${person.last_name}`.trim() || person.email;
}

export function initialsOf(person: Named): string {
  const words = `${person.first_name} ${person.last_name}`.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '');
  return (letters.join('') || ([...person.email][0] ?? '')).toUpperCase();
}
