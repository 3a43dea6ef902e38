import { Radio, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { modulesQuery, subAccountsQuery } from '../api/queries';
import type { Role } from '../api/schema';
import { Choices } from '../form/Choices';
import { useRoleMeaning } from '../roles/roleMeaning';
import { useRoleName } from '../roles/roleName';
import classes from './GrantsFields.module.css';
import { fitting, type Grants } from './grants';
import { useRights } from './rights';

interface GrantsFieldsProps {
  value: Grants;
  onChange: (grants: Grants) => void;
  /** The roles to choose from; the one somebody has stays among them. */
  roles: readonly Role[];
  /** Why the modules are not right yet. */
  modulesError?: string;
  roleError?: string;
  readOnly?: boolean;
}

const fewRoles = 5;

/** Role, modules and sub-accounts, as far as the role and the account have them. */
export function GrantsFields({ value, onChange, roles, modulesError, roleError, readOnly }: GrantsFieldsProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const modules = useQuery(modulesQuery(account.id)).data ?? [];
  const subAccounts = useQuery(subAccountsQuery(account.id)).data ?? [];
  const role = useRights().roles.find((one) => one.key === value.role);
  const setRole = (key: string) =>
    onChange(
      fitting(
        { ...value, role: key },
        roles.find((one) => one.key === key),
        modules,
      ),
    );
  const chosen = role?.modules === 'chosen' && !role.administers;

  return (
    <Stack gap="lg">
      <RoleField value={value.role} onChange={setRole} roles={roles} error={roleError} readOnly={readOnly} />
      {chosen && modules.length > 0 && (
        <Choices
          label={t('grants.modules')}
          hint={t('grants.modules_hint')}
          error={modulesError}
          value={value.modules}
          onChange={(ids) => onChange({ ...value, modules: ids })}
          readOnly={readOnly}
          options={modules.filter((module) => !module.admin_only)}
          unavailable={{ options: modules.filter((module) => module.admin_only), why: t('grants.admin_only') }}
        />
      )}
      {role && !role.administers && subAccounts.length > 0 && (
        <Choices
          label={t('grants.sub_accounts')}
          hint={t('grants.sub_accounts_hint')}
          value={value.sub_accounts}
          onChange={(ids) => onChange({ ...value, sub_accounts: ids })}
          readOnly={readOnly}
          options={subAccounts}
        />
      )}
    </Stack>
  );
}

interface RoleFieldProps {
  value: string;
  onChange: (key: string) => void;
  roles: readonly Role[];
  error?: string;
  readOnly?: boolean;
}

function RoleField({ value, onChange, roles, error, readOnly }: RoleFieldProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const roleName = useRoleName();
  const meaning = useRoleMeaning();
  const label = t('grants.role', { context: account.preset });

  if (roles.length > fewRoles) {
    return (
      <Select
        label={label}
        data={roles.map((role) => ({ value: role.key, label: roleName(role) }))}
        value={value}
        onChange={(key) => key && onChange(key)}
        allowDeselect={false}
        readOnly={readOnly}
        error={error}
      />
    );
  }
  return (
    <Radio.Group label={label} value={value} onChange={(key) => !readOnly && onChange(key)} error={error}>
      <div className={classes.roles}>
        {roles.map((role) => (
          <Radio.Card key={role.key} value={role.key} className={classes.role} disabled={readOnly}>
            <Radio.Indicator />
            <div>
              <Text fw={500}>{roleName(role)}</Text>
              <Text size="xs" c="dimmed">
                {meaning(role)}
              </Text>
            </div>
          </Radio.Card>
        ))}
      </div>
    </Radio.Group>
  );
}
