import { Text } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import classes from './Section.module.css';

interface SectionProps {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
}

/** A part of a settings page: what it is about beside what can be done. */
export function Section({ title, lead, children }: SectionProps) {
  const heading = useId();
  return (
    <section className={classes.section} aria-labelledby={heading}>
      <div>
        <h2 id={heading} className={classes.title}>
          {title}
        </h2>
        {lead && <Text c="dimmed">{lead}</Text>}
      </div>
      <div className={classes.content}>{children}</div>
    </section>
  );
}
