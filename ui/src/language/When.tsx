import { Tooltip } from '@mantine/core';
import { useFormats } from './formats';

interface WhenProps {
  at: string;
  /** `relative`: "3 hours ago"; `day`: the date; `time`: date and time. */
  as?: 'relative' | 'day' | 'time';
}

/** A moment in the reader's own zone, with the exact time on hover. */
export function When({ at, as = 'relative' }: WhenProps) {
  const dates = useFormats();
  return (
    <Tooltip label={dates.exact(at)} openDelay={300}>
      <time dateTime={at}>{dates[as](at)}</time>
    </Tooltip>
  );
}
