import { Button, Group, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answer, api } from '../api/client';
import { useUnsaved } from '../form/unsaved';
import { useToast } from '../shell/toast';
import { NewPassword } from '../signin/NewPassword';
import { Password } from '../signin/Password';
import { Refused } from '../signin/Refused';
import { devicesQuery } from './DeviceList';
import { factorQuery } from './factorQuery';

/** Changing the password. This session goes on; every other one ends. */
export function PasswordForm() {
  const { t } = useTranslation();
  const { session } = usePlace();
  const toast = useToast();
  const cache = useQueryClient();
  const factor = useQuery(factorQuery);
  const form = useForm({ initialValues: { current: '', new: '' } });
  const change = useMutation({
    mutationFn: (given: { current: string; new: string }) => answer(api.POST('/v1/me/password', { body: given })),
    onSuccess: async () => {
      form.reset();
      toast.done(t('me.password_changed'));
      await cache.invalidateQueries({ queryKey: devicesQuery.queryKey });
    },
  });
  useUnsaved(form.isDirty());

  return (
    <form onSubmit={form.onSubmit((given) => change.mutate(given))}>
      <Stack gap="md">
        <Refused error={change.error} />
        <input type="hidden" autoComplete="username" value={session.email} readOnly />
        <Password
          label={t('me.current_password')}
          autoComplete="current-password"
          required
          withAsterisk={false}
          {...form.getInputProps('current')}
        />
        <NewPassword
          label={t('me.new_password')}
          {...(factor.data?.enabled && { description: t('me.password_rule_short'), minLength: 8 })}
          {...form.getInputProps('new')}
        />
        <Group>
          <Button type="submit" variant="default" loading={change.isPending}>
            {t('me.change_password')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
