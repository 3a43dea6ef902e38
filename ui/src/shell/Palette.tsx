import '@mantine/spotlight/styles.layer.css';
import { useDebouncedValue } from '@mantine/hooks';
import { createSpotlight, Spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { usePlace } from '../account/place';
import { leave } from '../form/unsaved';
import { useProblems } from '../language/problems';
import { nameOf } from '../me/name';
import { Initials } from '../people/Initials';
import { foundQuery } from '../users/membersQuery';
import { useEverywhere } from './Navigation';
import classes from './Palette.module.css';

const most = 7;

const [store, palette] = createSpotlight();

export const openPalette = () => palette.open();

/** Finds people and pages from anywhere: Ctrl or ⌘ and K. */
export function Palette() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { sentence } = useProblems();
  const { path } = usePlace();
  const [typed, setTyped] = useState('');
  const [wanted] = useDebouncedValue(typed.trim(), 120);
  const { people, error, searching: asking } = usePeople(wanted);
  const searching = asking || typed.trim() !== wanted;
  const pages = useEverywhere().filter(({ label }) => label.toLowerCase().includes(typed.trim().toLowerCase()));
  const entries = useRef<HTMLDivElement>(null);
  const shown = [...pages.map(({ to }) => to), ...people.map(({ id }) => id)].join();

  // Enter takes the first that was found, also where it was found a moment after the last key.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown is the trigger
  useEffect(() => {
    if (!typed || entries.current?.querySelector('[data-selected]')) return;
    entries.current?.querySelector('[data-action]')?.setAttribute('data-selected', 'true');
    store.updateState((state) => ({ ...state, selected: 0 }));
  }, [shown]);

  return (
    <Spotlight.Root
      store={store}
      // From anywhere, also while something is being written.
      tagsToIgnore={[]}
      query={typed}
      onQueryChange={setTyped}
      centered={false}
      overlayProps={{ blur: 0, backgroundOpacity: 0.4 }}
      transitionProps={{ transition: 'fade', duration: 90 }}
      attributes={{ content: { 'aria-label': t('palette.search') } }}
      classNames={{ actionsGroup: classes.group, action: classes.action }}
    >
      <Spotlight.Search
        placeholder={t('palette.search')}
        aria-label={t('palette.search')}
        leftSection={<IconSearch size={18} aria-hidden />}
        // Escape closes the palette only, whatever dialog lies under it and listens as well.
        data-mantine-stop-propagation="true"
        onKeyDown={(event) => event.key === 'Escape' && palette.close()}
      />
      <Spotlight.ActionsList ref={entries}>
        {pages.length > 0 && (
          <Spotlight.ActionsGroup label={t('palette.pages')}>
            {pages.map(({ to, label, icon: Icon }) => (
              <Spotlight.Action
                key={to}
                label={label}
                leftSection={<Icon size={18} stroke={1.5} />}
                onClick={() => leave(() => navigate(to))}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {people.length > 0 && (
          <Spotlight.ActionsGroup label={t('palette.people')}>
            {people.map((member) => (
              <Spotlight.Action
                key={member.id}
                label={nameOf(member)}
                description={member.email}
                leftSection={<Initials id={member.id} name={nameOf(member)} />}
                onClick={() => leave(() => navigate(path(`users/${member.id}`)))}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {error ? (
          <Spotlight.Empty role="alert">{sentence(error)}</Spotlight.Empty>
        ) : (
          pages.length === 0 &&
          people.length === 0 && <Spotlight.Empty>{searching ? t('shell.loading') : t('palette.none')}</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function usePeople(wanted: string) {
  const { account, can } = usePlace();
  const found = useQuery({
    ...foundQuery(account.id, { q: wanted, limit: most }),
    enabled: wanted !== '' && can('members.read'),
  });
  if (wanted === '') return { people: [], error: null, searching: false };
  return { people: found.data ?? [], error: found.error, searching: found.isFetching };
}
