import { Skeleton, Text } from '@mantine/core';
import { IconFolder, IconFolders } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePlace } from '../account/place';
import { resourceTypesQuery } from '../api/queries';
import type { Member, Resource } from '../api/schema';
import { paysFromTheStart } from '../billing/way';
import { useFormats } from '../language/formats';
import { When } from '../language/When';
import { EmptyList } from '../list/EmptyList';
import { ListProblem } from '../list/ListProblem';
import { Pages } from '../list/Pages';
import row from '../list/Row.module.css';
import { nameOf } from '../me/name';
import { useRoleName } from '../roles/roleName';
import { FactList } from '../shell/FactList';
import { useRights } from '../users/rights';
import classes from './Resources.module.css';
import { holdingsQuery, type Narrowed, resourcesQuery } from './resourcesQuery';
import { useTypeWords } from './typeWords';

/** What somebody holds of the account: a seat, credits, what they own and what they work on. */
export function HeldView({ member }: { member: Member }) {
  const { t } = useTranslation();
  const { account, can } = usePlace();
  const held = useQuery(holdingsQuery(account.id, member.id));
  const types = useQuery(resourceTypesQuery(account.id)).data ?? [];
  const { number } = useFormats();
  const name = nameOf(member);

  if (held.isPending) return <Skeleton h={120} />;
  if (held.error) return <ListProblem error={held.error} retry={held.refetch} />;
  const { credits, seat_since: seat } = held.data;
  const billed = seat !== null || paysFromTheStart(account.preset);
  const things = types.length > 0 && can('resources.read');
  if (!billed && credits === null && !things) {
    return (
      <EmptyList icon={<IconFolders />} title={t('resources.held.nothing', { name })}>
        {t('resources.held.nothing_why')}
      </EmptyList>
    );
  }
  return (
    <>
      {(billed || credits !== null) && (
        <FactList
          labelWidth={112}
          mb="xl"
          facts={[
            { label: t('resources.held.seat'), value: billed && <Seat member={member} since={seat} /> },
            {
              label: t('resources.held.credits'),
              value: credits !== null && <span className="figures">{number(credits)}</span>,
            },
          ]}
        />
      )}
      {things && (
        <>
          <Held
            title={t('resources.held.owns')}
            none={t('resources.held.owns_nothing', { name })}
            narrowed={{ owner: member.id }}
          />
          <Held
            title={t('resources.held.works_on')}
            none={t('resources.held.works_on_nothing', { name })}
            narrowed={{ assignee: member.id }}
          />
        </>
      )}
    </>
  );
}

function Seat({ member, since }: { member: Member; since: string | null }) {
  const { t } = useTranslation();
  const { roles } = useRights();
  const roleName = useRoleName();
  const role = roles.find(({ key }) => key === member.role);
  if (since !== null) {
    return (
      <>
        {t('resources.held.billed_since')} <When at={since} as="day" />
      </>
    );
  }
  return role && !role.billable
    ? t('resources.held.not_billable', { role: roleName(role) })
    : t('resources.held.no_seat');
}

interface HeldProps {
  title: string;
  none: string;
  narrowed: Narrowed;
}

/** Resources that somebody has to do with, each with the way to it. */
function Held({ title, none, narrowed }: HeldProps) {
  const { account } = usePlace();
  const heading = useId();
  const read = useInfiniteQuery(resourcesQuery(account.id, narrowed));
  return (
    <section className={classes.part} aria-labelledby={heading}>
      <Text component="h3" fw={600} id={heading}>
        {title}
      </Text>
      <Pages
        list={read}
        waiting={<Skeleton h={52} mt="xs" />}
        empty={
          <Text c="dimmed" mt={4}>
            {none}
          </Text>
        }
      >
        {(resources) => (
          <ul className={classes.list} aria-labelledby={heading}>
            {resources.map((resource) => (
              <One key={`${resource.type} ${resource.id}`} resource={resource} />
            ))}
          </ul>
        )}
      </Pages>
    </section>
  );
}

function One({ resource: { type: key, id, name } }: { resource: Resource }) {
  const { account, path } = usePlace();
  const wordsOf = useTypeWords();
  const type = useQuery(resourceTypesQuery(account.id)).data?.find((one) => one.key === key);
  return (
    <li className={classes.row}>
      <IconFolder size={20} stroke={1.5} className={classes.icon} aria-hidden />
      <div className={classes.words}>
        <div className={row.line}>
          <Link to={path(`resources/${key}/${id}`)} className={row.name} title={name}>
            {name}
          </Link>
        </div>
        <Text size="xs" c="dimmed" truncate>
          {type ? wordsOf(type).One : key} {id}
        </Text>
      </div>
    </li>
  );
}
