import { Alert, Checkbox, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../language/formats';
import { LoadMore } from '../list/LoadMore';
import { usePeople } from '../people/people';
import type { Fate } from './decisions';
import classes from './OneByOne.module.css';
import type { AskedOfResources } from './ResourcesQuestion';
import { SuccessorPicker } from './SuccessorPicker';
import { useThings } from './things';

/** Each resource by itself: some are chosen, and then to whom they go; the others have one answer together. */
export function OneByOne(asked: AskedOfResources) {
  const { members, leave, answers, change, refused } = asked;
  const { t } = useTranslation();
  const { number } = useFormats();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { rest, byId } = answers;
  const leaving = members.map(({ id }) => id);
  const others = [{ value: 'leave', label: leave }];
  const refusal = [rest, ...Object.values(byId)].map(refused).find(Boolean);
  const give = (fate: Fate) => {
    change({ byId: { ...byId, ...Object.fromEntries([...chosen].map((key) => [key, fate])) } });
    setChosen(new Set());
  };

  return (
    <Stack gap="sm">
      <Owned {...asked} chosen={chosen} onChosen={setChosen} />
      <SuccessorPicker
        label={t('departure.each.chosen', { count: chosen.size, formatted: number(chosen.size) })}
        leaving={leaving}
        others={others}
        value=""
        onChange={give}
        disabled={chosen.size === 0}
      />
      <SuccessorPicker
        label={t('departure.each.rest')}
        leaving={leaving}
        others={others}
        value={rest}
        onChange={(fate) => change({ rest: fate })}
      />
      {refusal && (
        <Alert color="red" role="alert">
          {refusal}
        </Alert>
      )}
    </Stack>
  );
}

interface OwnedProps extends AskedOfResources {
  chosen: ReadonlySet<string>;
  onChosen: (keys: ReadonlySet<string>) => void;
}

/** What the leaver owns, page after page, each with what becomes of it. */
function Owned({ plan, held, leave, answers, chosen, onChosen }: OwnedProps) {
  const { t } = useTranslation();
  const { thingsOf } = useThings();
  const { rest, byId } = answers;
  const nameOf = usePeople(
    [rest, ...Object.values(byId)].filter((fate) => fate !== '' && fate !== 'leave'),
    plan.people,
  );
  const rows = held.resources.map((one) => ({ ...one, key: `${one.type}/${one.id}` }));
  const all = rows.length > 0 && rows.every(({ key }) => chosen.has(key));
  const unfit = new Set(plan.blockers.flatMap(({ resources }) => resources ?? []));
  const say = (fate: Fate) => (fate === 'leave' ? leave : nameOf(fate));
  const toggle = (key: string) => {
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    onChosen(next);
  };

  return (
    <div className={classes.list}>
      <Table stickyHeader aria-label={t('departure.way.each')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={40}>
              <Checkbox
                size="xs"
                aria-label={t('users.select_all')}
                checked={all}
                indeterminate={!all && chosen.size > 0}
                onChange={() => onChosen(new Set(all ? [] : rows.map(({ key }) => key)))}
              />
            </Table.Th>
            <Table.Th>{t('departure.each.name')}</Table.Th>
            <Table.Th>{t('departure.each.goes')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ key, name, type }) => (
            <Table.Tr key={key} data-selected={chosen.has(key) || undefined}>
              <Table.Td>
                <Checkbox
                  size="xs"
                  aria-label={t('users.select', { name })}
                  checked={chosen.has(key)}
                  onChange={() => toggle(key)}
                />
              </Table.Td>
              <Table.Td>
                {name}
                {held.types.length > 1 && (
                  <Text size="xs" c="dimmed">
                    {thingsOf(type, 1)}
                  </Text>
                )}
              </Table.Td>
              <Table.Td c={unfit.has(key) ? 'var(--mantine-color-error)' : undefined}>
                {say(byId[key] ?? rest)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <LoadMore list={held.list} />
    </div>
  );
}
