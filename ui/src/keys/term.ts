/** The lengths that are offered, in days. */
export const spans = ['30', '90', '365'] as const;

/** How long a key is to work: so many days, until the end of a day (`2026-12-31`), as long as it does now, or without an end. */
export interface Term {
  span: (typeof spans)[number] | 'date' | 'keep' | 'never';
  /** For `date`, in the reader's own zone. */
  day: string;
}

const day = 86_400_000;

/** When a term that begins now is over; nothing for one that is not, or does not say when. */
export function endOf({ span, day: last }: Term, now: number): Date | undefined {
  if (span === 'never' || span === 'keep') return undefined;
  if (span !== 'date') return new Date(now + Number(span) * day);
  const end = new Date(`${last}T23:59:59`);
  return Number.isNaN(end.getTime()) ? undefined : end;
}

/** The day of a moment in the reader's own zone, as a field for days writes it. */
export function dayOf(moment: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}
