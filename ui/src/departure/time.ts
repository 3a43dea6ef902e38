/** A moment as a field for date and time holds it: in the reader's own zone, to the minute. */
export function inputOf(at: Date): string {
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** The moment that such a field means; nothing while it is not filled in. */
export function momentOf(field: string): Date | undefined {
  const at = new Date(field);
  return field === '' || Number.isNaN(at.getTime()) ? undefined : at;
}
