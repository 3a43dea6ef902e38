import { Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { LanguageLinks } from '../language/LanguageLinks';
import classes from './CardPage.module.css';
import { Mark } from './Mark';

interface CardPageProps {
  title: string;
  /** One quiet sentence under the title. */
  lead?: ReactNode;
  /** The account the page speaks for; without one, Tenure speaks. */
  account?: { name: string; logo?: string };
  children?: ReactNode;
  /** Other ways to go, under the card's content. */
  aside?: ReactNode;
}

/** The small centred card of everybody who is not signed in. */
export function CardPage({ title, lead, account, children, aside }: CardPageProps) {
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = account ? `${title} · ${account.name}` : title;
    // Fields with autofocus keep it; otherwise the reader starts at the title.
    if (!document.activeElement || document.activeElement === document.body) heading.current?.focus();
  }, [title, account]);

  return (
    <div className={classes.page}>
      <main className={classes.card}>
        <Mark account={account} />
        <Title order={1} ref={heading} tabIndex={-1} className={classes.title}>
          {title}
        </Title>
        {lead && <Text c="dimmed">{lead}</Text>}
        <div className={classes.content}>{children}</div>
        {aside && <div className={classes.aside}>{aside}</div>}
      </main>
      <footer className={classes.foot}>
        <LanguageLinks />
      </footer>
    </div>
  );
}
