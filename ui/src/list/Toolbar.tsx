import { CloseButton, Group, TextInput } from '@mantine/core';
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { covered } from '../shell/layers';
import { type Narrowing, Narrowings } from './Narrowings';
import { enterRows } from './rowKeys';
import classes from './Toolbar.module.css';

interface ToolbarProps {
  /** What is searched for now. */
  q: string;
  onSearch: (q: string) => void;
  placeholder: string;
  narrowings?: readonly Narrowing[];
  /** The button of the filters, and what else stands beside the search box. */
  children?: ReactNode;
}

const pause = 200;

/** The search box over a list, with its filters. The key / comes to it from the page, arrow down steps into the list, Esc empties the box. */
export function Toolbar({ q, onSearch, placeholder, narrowings = [], children }: ToolbarProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(q);
  const asked = useRef(q);
  const box = useRef<HTMLInputElement>(null);
  const search = useDebouncedCallback((text: string) => {
    asked.current = text;
    onSearch(text);
  }, pause);

  // What was asked here comes back late, and must not run over what is being typed meanwhile.
  useEffect(() => {
    if (q === asked.current) return;
    asked.current = q;
    setTyped(q);
  }, [q]);

  useHotkeys([
    [
      '/',
      () => {
        if (covered()) return;
        box.current?.focus();
        box.current?.select();
      },
    ],
  ]);

  const type = (text: string) => {
    setTyped(text);
    search(text.trim());
  };

  return (
    <div className={classes.toolbar}>
      <Group gap="xs" wrap="nowrap">
        <TextInput
          ref={box}
          className={classes.search}
          type="search"
          value={typed}
          onChange={(event) => type(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') {
              event.preventDefault();
              enterRows();
            } else if (event.key === 'Escape' && typed) {
              type('');
            }
          }}
          placeholder={placeholder}
          aria-label={placeholder}
          aria-keyshortcuts="/"
          leftSection={<IconSearch size={16} />}
          rightSection={
            typed ? (
              <CloseButton size="sm" aria-label={t('users.clear_search')} onClick={() => type('')} />
            ) : (
              <kbd className={classes.key} aria-hidden>
                /
              </kbd>
            )
          }
        />
        {children}
      </Group>
      <Narrowings narrowings={narrowings} />
    </div>
  );
}
