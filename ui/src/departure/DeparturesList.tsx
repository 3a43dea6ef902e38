import { Button, Text } from '@mantine/core';
import { IconDoorExit } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type ColumnDef, createColumnHelper } from '@tanstack/react-table';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { usePlace, useWords } from '../account/place';
import type { Departure, DepartureState } from '../api/schema';
import { useFormats } from '../language/formats';
import { When } from '../language/When';
import { EmptyList } from '../list/EmptyList';
import { List } from '../list/List';
import row from '../list/Row.module.css';
import { usePanelPath } from '../panel/panelPath';
import { departuresQuery } from './departureQuery';
import { useWhom } from './whom';

type Listed = Extract<DepartureState, 'scheduled' | 'settling' | 'failed' | 'applied' | 'undone'>;

interface DeparturesListProps {
  state: Listed;
  /** Whose panel is open. */
  open: string | undefined;
}

const column = createColumnHelper<Departure>();

/** The departures in a state, page after page, as rows or on a phone as cards. */
export function DeparturesList({ state, open }: DeparturesListProps) {
  const { t } = useTranslation();
  const { account, path } = usePlace();
  const { users } = useWords();
  const navigate = useNavigate();
  const pathOf = usePanelPath('departures');
  const list = useInfiniteQuery(departuresQuery(account.id, state));
  const whom = useWhom();
  return (
    <List
      list={list}
      label={t(`departures.tab.${state}`)}
      empty={
        <EmptyList
          icon={<IconDoorExit />}
          title={t(`departures.none.${state}`)}
          action={
            <Button component={Link} to={path('users')} variant="default">
              {t('departures.to_users', { page: users })}
            </Button>
          }
        >
          {t(`departures.none_why.${state}`)}
        </EmptyList>
      }
      columns={useColumns(state, whom)}
      card={(departure) => ({
        head: <Named departure={departure} whom={whom} />,
        foot: (
          <>
            <span>{t(`departures.kind.${departure.kind}`)}</span>
            <Moment departure={departure} />
          </>
        ),
      })}
      onOpen={({ id }) => navigate(pathOf(id))}
      open={open}
    />
  );
}

function useColumns(state: Listed, whom: (departure: Departure) => string): ColumnDef<Departure>[] {
  const { t } = useTranslation();
  const columns = [
    column.display({
      id: 'who',
      header: () => t('departures.column.who'),
      cell: ({ row }) => <Named departure={row.original} whom={whom} />,
    }),
    column.display({
      id: 'what',
      meta: { width: 160 },
      header: () => t('departures.column.what'),
      cell: ({ row }) => t(`departures.kind.${row.original.kind}`),
    }),
    column.display({
      id: 'when',
      meta: { width: 200 },
      header: () => t(`departures.when.${state}`),
      cell: ({ row }) => <Moment departure={row.original} />,
    }),
  ];
  return columns as ColumnDef<Departure>[];
}

function Named({ departure, whom }: { departure: Departure; whom: (departure: Departure) => string }) {
  const pathOf = usePanelPath('departures');
  return (
    <Link to={pathOf(departure.id)} className={row.name} data-row-link>
      {whom(departure)}
    </Link>
  );
}

/** When it is to happen, or when it did; of what is under way how far it is. */
function Moment({ departure }: { departure: Departure }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const { at, applied_at, created_at, progress, under_way } = departure;
  if (under_way && progress) {
    return <Text>{t('departures.progress', { done: number(progress.done), all: number(progress.total) })}</Text>;
  }
  return <When at={applied_at ?? at ?? created_at} as="time" />;
}
