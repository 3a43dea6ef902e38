import { When } from '../language/When';

/** From when to when. */
export function Days({ start, end }: { start: string; end: string }) {
  return (
    <span>
      <When at={start} as="day" /> – <When at={end} as="day" />
    </span>
  );
}
