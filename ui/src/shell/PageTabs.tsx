import { Tabs } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { useSearchParams } from 'react-router';
import { leave } from '../form/unsaved';

interface PageTabsProps {
  /** The first is shown unless the address says otherwise. */
  tabs: { key: string; label: string; content: ReactNode }[];
}

/** Tabs of a page; the chosen one is in the address, so that a link shows the same. */
export function PageTabs({ tabs }: PageTabsProps) {
  const [search, setSearch] = useSearchParams();
  const chosen = tabs.find(({ key }) => key === search.get('tab')) ?? tabs[0];
  const list = useRef<HTMLDivElement>(null);
  const shown = chosen?.key;

  // On a phone the tabs scroll: the chosen one comes into sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the choice is the trigger
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [shown]);

  if (!chosen) return null;

  return (
    <Tabs
      value={chosen.key}
      onChange={(key) => leave(() => setSearch(key && key !== tabs[0]?.key ? { tab: key } : {}, { replace: true }))}
      keepMounted={false}
    >
      <Tabs.List ref={list}>
        {tabs.map(({ key, label }) => (
          <Tabs.Tab key={key} value={key}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ key, content }) => (
        <Tabs.Panel key={key} value={key}>
          {content}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
