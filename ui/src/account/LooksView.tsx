import { Button, ColorInput, FileButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useUnsaved } from '../form/unsaved';
import { useProblems } from '../language/problems';
import { Mark } from '../shell/Mark';
import { Section } from '../shell/Section';
import { Refused } from '../signin/Refused';
import { defaultAccent, isHex } from '../theme/accent';
import { useSaidChange } from './change';
import { usePlace } from './place';

const suggested = [defaultAccent, '#1f6feb', '#5b4bc4', '#a8327d', '#b4472e', '#946200', '#3d7a2f', '#4a5560'];
const largestLogo = 64 * 1024;

/** Name, logo and accent, as people meet them on every page and in every mail. */
export function LooksView() {
  const { t } = useTranslation();
  const { account } = usePlace();
  return (
    <>
      <Section title={t('settings.name_title')} lead={t('settings.name_lead')}>
        <NameForm key={account.name} />
      </Section>
      <Section title={t('settings.logo_title')} lead={t('settings.logo_lead')}>
        <LogoForm />
      </Section>
      <Section title={t('settings.accent_title')} lead={t('settings.accent_lead')}>
        <AccentForm key={account.accent} />
      </Section>
    </>
  );
}

function NameForm() {
  const { t } = useTranslation();
  const { fields } = useProblems();
  const { account } = usePlace();
  const { make, busy, error } = useSaidChange();
  const form = useForm({ initialValues: { name: account.name } });

  useUnsaved(form.isDirty());
  const save = form.onSubmit((values) =>
    make(values, t('settings.renamed', values), { onRefused: (error) => form.setErrors(fields(error)) }),
  );
  return (
    <form onSubmit={save}>
      <Stack gap="md">
        {Object.keys(form.errors).length === 0 && <Refused error={error} />}
        <TextInput label={t('settings.name')} required withAsterisk={false} {...form.getInputProps('name')} />
        <Group>
          <Button type="submit" variant="default" loading={busy} disabled={!form.isDirty()}>
            {t('settings.rename')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function LogoForm() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { make, busy } = useSaidChange();
  const [tooLarge, setTooLarge] = useState(false);

  const wear = (logo: string) => void make({ logo }, t('settings.logo_changed'));
  const upload = async (file: File | null) => {
    if (!file) return;
    setTooLarge(file.size > largestLogo);
    if (file.size <= largestLogo) wear(await dataURL(file));
  };

  return (
    <Stack gap="sm">
      <Group>
        <Mark account={account} size={48} />
        <FileButton accept="image/png,image/jpeg,image/webp" onChange={upload}>
          {(props) => (
            <Button variant="default" loading={busy} {...props}>
              {t('settings.logo_choose')}
            </Button>
          )}
        </FileButton>
        {account.logo && (
          <Button variant="subtle" color="gray" onClick={() => wear('')}>
            {t('settings.logo_remove')}
          </Button>
        )}
      </Group>
      <Text c={tooLarge ? 'var(--mantine-color-error)' : 'dimmed'} fz="13px" role={tooLarge ? 'alert' : undefined}>
        {t('settings.logo_limit')}
      </Text>
    </Stack>
  );
}

function AccentForm() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { make, busy } = useSaidChange();
  const [accent, setAccent] = useState(account.accent || defaultAccent);
  const chosen = accent !== (account.accent || defaultAccent);
  useUnsaved(chosen);

  const wear = (wanted: string) => void make({ accent: wanted }, t('settings.accent_changed'));

  return (
    <Stack gap="md">
      <ColorInput
        label={t('settings.accent')}
        format="hex"
        withEyeDropper={false}
        popoverProps={{ position: 'top-start' }}
        swatches={suggested}
        swatchesPerRow={8}
        value={accent}
        onChange={setAccent}
      />
      <Group>
        <Button variant="default" loading={busy} disabled={!isHex(accent) || !chosen} onClick={() => wear(accent)}>
          {t('settings.accent_use')}
        </Button>
        {account.accent && (
          <Button variant="subtle" color="gray" onClick={() => wear('')}>
            {t('settings.accent_default')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function dataURL(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
