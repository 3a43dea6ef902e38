import { Select, SimpleGrid, Stack, TextInput, Title } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { isProblem } from '../api/problem';
import { modulesQuery } from '../api/queries';
import type { Member } from '../api/schema';
import { RolePrice } from '../billing/RolePrice';
import { NotSaved } from '../form/NotSaved';
import { SaveBar } from '../form/SaveBar';
import { useVersionForm } from '../form/versionForm';
import { languages } from '../language';
import { useProblems } from '../language/problems';
import { GrantsFields } from './GrantsFields';
import { fitting, lacksModule } from './grants';
import { HandedOn, handsOn } from './HandedOn';
import { difference, type Editable, editable, type MemberPatch, useMemberChange } from './memberChange';
import { memberQuery } from './membersQuery';
import { useRights } from './rights';

interface DetailsFormProps {
  member: Member;
  /** The version that is shown; saving over a newer one is refused. */
  tag: string;
}

/** Profile, role and grants of somebody else's place. */
export function DetailsForm({ member, tag }: DetailsFormProps) {
  const { t } = useTranslation();
  const { fields } = useProblems();
  const { account } = usePlace();
  const cache = useQueryClient();
  const { isSelf, mayChange, roles, grantable } = useRights();
  const modules = useQuery(modulesQuery(account.id)).data ?? [];
  const readOnly = !mayChange(member);
  const change = useMemberChange(member);
  const [same, setSame] = useState(false);
  const { form, based, patch, dirty, show } = useVersionForm({ data: member, tag }, editable, difference);

  const handed = handsOn(patch, change.error);
  const role = roles.find((one) => one.key === form.values.role);
  const choice = grantable.some((one) => one.key === member.role)
    ? grantable
    : roles.filter((one) => one.key === member.role || grantable.includes(one));

  const save = form.onSubmit(() =>
    change.mutate(
      { patch, tag: based.tag, same: handed && same },
      {
        onSuccess: (saved) => {
          setSame(false);
          show(saved);
        },
        onError: (error) => form.setErrors(fields(error)),
      },
    ),
  );
  const putBack = () => {
    form.setValues(editable(based.data));
    form.clearErrors();
    setSame(false);
    change.reset();
  };

  const showNewer = async () => {
    show(await cache.fetchQuery({ ...memberQuery(account.id, member.id), staleTime: 0 }));
    setSame(false);
    change.reset();
  };

  return (
    <form onSubmit={save}>
      <Stack gap="xl">
        <Profile form={form} readOnly={readOnly} self={isSelf(member)} patch={patch} />
        {handed && <HandedOn member={member} patch={patch} same={same} onSame={setSame} />}
        <section>
          <Title order={3} mb="sm">
            {t('user.access')}
          </Title>
          <GrantsFields
            value={form.values}
            onChange={(grants) => form.setValues(grants)}
            roles={readOnly ? roles.filter((one) => one.key === member.role) : choice}
            modulesError={lacksModule(form.values, role) ? t('refusal.module_required') : undefined}
            readOnly={readOnly}
          />
        </section>
        {patch.role !== undefined && <RolePrice members={[member]} grants={fitting(form.values, role, modules)} />}
        {!isProblem(change.error, 'identity_swap') && <NotSaved error={change.error} onNewer={showNewer} />}
      </Stack>
      {dirty && !readOnly && (
        <SaveBar
          onPutBack={putBack}
          saving={change.isPending}
          disabled={lacksModule(form.values, role) || (handed && !same)}
        />
      )}
    </form>
  );
}

interface ProfileProps {
  form: UseFormReturnType<Editable>;
  readOnly: boolean;
  /** One's own address is changed with the password, in one's own profile. */
  self: boolean;
  patch: MemberPatch;
}

function Profile({ form, readOnly, self, patch }: ProfileProps) {
  const { t } = useTranslation();
  return (
    <section>
      <Title order={3} mb="sm">
        {t('user.profile')}
      </Title>
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <TextInput label={t('user.first_name')} readOnly={readOnly} {...form.getInputProps('first_name')} />
          <TextInput label={t('user.last_name')} readOnly={readOnly} {...form.getInputProps('last_name')} />
        </SimpleGrid>
        <TextInput
          label={t('user.email')}
          type="email"
          readOnly={readOnly || self}
          description={self ? t('user.email_own') : patch.email === undefined ? undefined : t('user.email_hint')}
          {...form.getInputProps('email')}
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <TextInput label={t('user.job_title')} readOnly={readOnly} {...form.getInputProps('job_title')} />
          <TextInput label={t('user.phone')} type="tel" readOnly={readOnly} {...form.getInputProps('phone')} />
        </SimpleGrid>
        <Select
          label={t('user.language')}
          data={languages.map(({ code, name }) => ({ value: code, label: name }))}
          allowDeselect={false}
          readOnly={readOnly}
          {...form.getInputProps('locale')}
        />
      </Stack>
    </section>
  );
}
