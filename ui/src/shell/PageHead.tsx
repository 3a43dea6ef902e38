import { Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { usePlace } from '../account/place';
import classes from './PageHead.module.css';

interface PageHeadProps {
  title: string;
  lead?: ReactNode;
  /** The page's one primary button, and what stands beside it. */
  actions?: ReactNode;
}

/** The head of a page inside an account; it names the browser's tab too. */
export function PageHead({ title, lead, actions }: PageHeadProps) {
  const { account } = usePlace();
  useEffect(() => {
    document.title = `${title} · ${account.name}`;
  }, [title, account.name]);

  return (
    <div className={classes.head}>
      <div className={classes.words}>
        <Title order={1}>{title}</Title>
        {lead && <Text c="dimmed">{lead}</Text>}
      </div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </div>
  );
}
