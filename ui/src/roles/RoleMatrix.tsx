import { Anchor, Table } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePlace } from '../account/place';
import type { Role } from '../api/schema';
import { useFormats } from '../language/formats';
import { families } from './permissions';
import classes from './RoleMatrix.module.css';
import { useRoleName } from './roleName';

/** A column for each role, the highest first, and a row for each thing that a role may do. */
export function RoleMatrix({ roles }: { roles: readonly Role[] }) {
  const { t } = useTranslation();
  const { path } = usePlace();
  const { number } = useFormats();
  const roleName = useRoleName();
  const row = (label: string, cell: (role: Role) => ReactNode) => (
    <Table.Tr key={label}>
      <Table.Th scope="row">{label}</Table.Th>
      {roles.map((role) => (
        <Table.Td key={role.key}>{cell(role)}</Table.Td>
      ))}
    </Table.Tr>
  );
  const mark = (given: boolean) =>
    given ? (
      <IconCheck size={18} role="img" aria-label={t('role.yes')} className={classes.yes} />
    ) : (
      <span className={classes.no} role="img" aria-label={t('role.no')} />
    );

  return (
    // A table that is wider than the page scrolls by itself, with the keyboard too.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className={classes.wide} tabIndex={0} aria-label={t('role.matrix')}>
      <Table className={classes.matrix} highlightOnHover={false}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('role.may')}</Table.Th>
            {roles.map((role) => (
              <Table.Th key={role.key} scope="col">
                <Anchor component={Link} to={path(`roles/${role.key}`)}>
                  {roleName(role)}
                </Anchor>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {row(t('role.members'), (role) => (role.members === null ? '–' : number(role.members)))}
          {row(t('role.rank'), (role) => role.rank)}
          {row(t('role.reach'), (role) => t(`role.reaches.${role.reach}`))}
          {row(t('grants.modules'), (role) => t(`role.opens.${role.modules}`))}
          {families.map(({ key, permissions }) => (
            <Fragment key={key}>
              <Table.Tr className={classes.family}>
                <Table.Th scope="colgroup" colSpan={roles.length + 1}>
                  {t(`role.family.${key}`)}
                </Table.Th>
              </Table.Tr>
              {permissions.map((permission) =>
                row(t(`permission.${permission}`), (role) => mark(role.permissions.includes(permission))),
              )}
            </Fragment>
          ))}
          <Table.Tr className={classes.family}>
            <Table.Th scope="colgroup" colSpan={roles.length + 1}>
              {t('role.money')}
            </Table.Th>
          </Table.Tr>
          {row(t('role.billable'), (role) => mark(role.billable))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
