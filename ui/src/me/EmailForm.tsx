import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client';
import { isProblem } from '../api/problem';
import { useUnsaved } from '../form/unsaved';
import { useProblems } from '../language/problems';
import { Note } from '../signin/Note';
import { Password } from '../signin/Password';
import { Refused } from '../signin/Refused';

/** Asking for another address. Nothing changes until its own mailbox confirms. */
export function EmailForm() {
  const { t } = useTranslation();
  const { fields } = useProblems();
  const form = useForm({ initialValues: { email: '', password: '' } });
  const request = useMutation({
    mutationFn: (given: { email: string; password: string }) => answer(api.POST('/v1/me/email', { body: given })),
    onSuccess: () => form.reset(),
    onError: (error) => form.setErrors(fields(error)),
  });
  const atField = isProblem(request.error, 'invalid') && request.error.errors.length > 0;
  useUnsaved(form.isDirty());

  return (
    <form onSubmit={form.onSubmit((given) => request.mutate(given))}>
      <Stack gap="md">
        {!atField && <Refused error={request.error} />}
        {request.isSuccess && <Note tone="done">{t('me.email_sent', { email: request.variables.email })}</Note>}
        <TextInput
          label={t('me.new_email')}
          type="email"
          autoComplete="off"
          required
          withAsterisk={false}
          {...form.getInputProps('email')}
        />
        <Password
          label={t('me.current_password')}
          autoComplete="current-password"
          required
          withAsterisk={false}
          {...form.getInputProps('password')}
        />
        <Group>
          <Button type="submit" variant="default" loading={request.isPending}>
            {t('me.change_email')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
