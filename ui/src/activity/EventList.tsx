import { UnstyledButton } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import type { Event } from '../api/schema';
import { When } from '../language/When';
import { Changes } from './Changes';
import classes from './EventList.module.css';
import { useEventSentence } from './sentence';

interface EventListProps {
  events: Event[];
  /** Narrow: under each other, for a side panel. */
  narrow?: boolean;
}

/** Events, newest first; each opens to what it changed. */
export function EventList({ events, narrow }: EventListProps) {
  return (
    <ol className={classes.list} data-narrow={narrow}>
      {events.map((event) => (
        <Row key={event.id} event={event} />
      ))}
    </ol>
  );
}

function Row({ event }: { event: Event }) {
  const [open, setOpen] = useState(false);
  const { leadOf, sentence } = useEventSentence();
  const detail = `${event.id}-changes`;

  return (
    <li className={classes.event}>
      <UnstyledButton
        className={classes.head}
        aria-expanded={open}
        aria-controls={detail}
        onClick={() => setOpen((before) => !before)}
      >
        <span className={classes.what}>
          <strong>{leadOf(event)}</strong> {sentence(event)}
        </span>
        <span className={classes.when}>
          <When at={event.at} />
        </span>
        <IconChevronDown size={16} className={classes.chevron} aria-hidden />
      </UnstyledButton>
      <div id={detail} hidden={!open}>
        {open && <Changes event={event} />}
      </div>
    </li>
  );
}
