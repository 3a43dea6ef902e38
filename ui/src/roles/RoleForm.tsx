import { Checkbox, NumberInput, Radio, Stack, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { isProblem } from '../api/problem';
import type { Role } from '../api/schema';
import { NotSaved } from '../form/NotSaved';
import { SaveBar } from '../form/SaveBar';
import { useProblems } from '../language/problems';
import { useRights } from '../users/rights';
import { families } from './permissions';
import classes from './RoleForm.module.css';
import type { Editable } from './roleMoves';
import { useRoleName } from './roleName';

interface RoleFormProps {
  /** The role as it is; without one, the form begins with the least. */
  role?: Role;
  readOnly?: boolean;
  submit: string;
  busy: boolean;
  error: unknown;
  /** Refused, what is wrong stands at the fields. */
  onSubmit: (given: Editable) => Promise<unknown>;
  /** Shows what somebody else has saved meanwhile. */
  onReload?: () => void;
}

const least: Editable = {
  name: '',
  rank: 10,
  administers: false,
  permissions: [],
  reach: 'all',
  modules: 'all',
  billable: true,
};

/** What a role is called and may do. */
export function RoleForm({ role, readOnly = false, submit, busy, error, onSubmit, onReload }: RoleFormProps) {
  const { t } = useTranslation();
  const { session, can } = usePlace();
  const { roles } = useRights();
  const { fields, sentence } = useProblems();
  const roleName = useRoleName();
  const own = roles.find((one) => one.key === session.role);
  const form = useForm<Editable>({ initialValues: role ? editable({ ...role, name: roleName(role) }) : least });
  const { administers } = form.values;

  const save = form.onSubmit((given) =>
    onSubmit(changed(given, role, roleName)).catch((refused) =>
      form.setErrors(isProblem(refused, 'role_exists') ? { name: sentence(refused) } : fields(refused)),
    ),
  );

  return (
    <form onSubmit={save}>
      <Stack gap="xl">
        <Stack gap="sm">
          <TextInput
            label={t('role.name')}
            required
            withAsterisk={false}
            maxLength={80}
            readOnly={readOnly}
            data-autofocus={role === undefined || undefined}
            {...form.getInputProps('name')}
          />
          <NumberInput
            label={t('role.rank')}
            description={t('role.rank_hint')}
            min={1}
            max={own && !own.administers ? own.rank - 1 : (own?.rank ?? 100)}
            clampBehavior="none"
            allowDecimal={false}
            readOnly={readOnly}
            {...form.getInputProps('rank')}
          />
          {own?.administers && (
            <Switch
              label={t('role.administers')}
              description={t('role.administers_hint')}
              disabled={readOnly}
              {...form.getInputProps('administers', { type: 'checkbox' })}
            />
          )}
        </Stack>
        {!administers && (
          <>
            <Checkbox.Group label={t('role.may')} readOnly={readOnly} {...form.getInputProps('permissions')}>
              {families.map(({ key, permissions }) => (
                <fieldset key={key} className={classes.family}>
                  <legend>{t(`role.family.${key}`)}</legend>
                  {permissions.map((permission) => (
                    <Checkbox
                      key={permission}
                      value={permission}
                      label={t(`permission.${permission}`)}
                      disabled={readOnly || !can(permission)}
                    />
                  ))}
                </fieldset>
              ))}
            </Checkbox.Group>
            <Choice
              label={t('role.reach')}
              of={(['all', 'assigned', 'single'] as const).map((reach) => ({
                value: reach,
                label: t(`role.reaches.${reach}`),
                means: t(`role.reaches_means.${reach}`),
              }))}
              readOnly={readOnly}
              {...form.getInputProps('reach')}
            />
            <Choice
              label={t('grants.modules')}
              of={(['all', 'chosen'] as const).map((modules) => ({
                value: modules,
                label: t(`role.opens.${modules}`),
                means: t(`role.opens_means.${modules}`),
              }))}
              readOnly={readOnly}
              {...form.getInputProps('modules')}
            />
          </>
        )}
        <Switch
          label={t('role.billable')}
          description={t('role.billable_hint')}
          disabled={readOnly}
          {...form.getInputProps('billable', { type: 'checkbox' })}
        />
        {!isProblem(error, 'role_exists') && <NotSaved error={error} onNewer={onReload} />}
      </Stack>
      {!readOnly && (form.isDirty() || !role) && (
        <SaveBar onPutBack={role && form.reset} saving={busy} submit={submit} written={form.isDirty()} />
      )}
    </form>
  );
}

interface ChoiceProps {
  label: string;
  of: { value: string; label: string; means: string }[];
  readOnly: boolean;
  value?: string;
  onChange?: (value: string) => void;
}

function Choice({ label, of, readOnly, value, onChange }: ChoiceProps) {
  return (
    <Radio.Group label={label} value={value} onChange={(chosen) => !readOnly && onChange?.(chosen)}>
      <Stack gap="sm" mt={6}>
        {of.map((one) => (
          <Radio
            key={one.value}
            value={one.value}
            label={one.label}
            description={one.means}
            disabled={readOnly && one.value !== value}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}

const editable = ({ name, rank, administers, permissions, reach, modules, billable }: Editable): Editable => ({
  name,
  rank,
  administers,
  permissions: administers ? [] : permissions,
  reach,
  modules,
  billable,
});

/** What is sent: everything of a new role; of one that is there, its own name unless somebody wrote another. */
function changed(given: Editable, role: Role | undefined, roleName: (role: Role) => string): Editable {
  const sent = editable(given);
  return role && given.name === roleName(role) ? { ...sent, name: role.name } : sent;
}
