import { Anchor, Button, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useAsk } from '../api/ask';
import { answer, api } from '../api/client';
import { isProblem } from '../api/problem';
import type { Account } from '../api/schema';
import { useProblems } from '../language/problems';
import { CardPage } from '../shell/CardPage';
import { Refused } from '../signin/Refused';
import classes from './AskForAccount.module.css';

interface Wanted {
  name: string;
  preset: Account['preset'];
  first_name: string;
  last_name: string;
  email: string;
}

const nobody: Wanted = { name: '', preset: 'portal', first_name: '', last_name: '', email: '' };

/** Asking for an account. The answer is the same for every address; the rest comes by mail. */
export function AskForAccount() {
  const { t, i18n } = useTranslation();
  const { fields } = useProblems();
  const [sentTo, setSentTo] = useState<string>();
  const form = useForm<Wanted>({ initialValues: nobody });
  const about = useAsk({ ask: () => answer(api.GET('/v1/about')), onDone: (got) => setOffer(got) });
  const [offer, setOffer] = useState<{ sign_up: boolean; presets: { name: string }[] }>();

  const signUp = useAsk({
    ask: (wanted: Wanted) => answer(api.POST('/v1/sign-up', { body: { ...wanted, locale: i18n.language } })),
    onDone: (_, wanted) => setSentTo(wanted.email),
    onRefused: (error) => form.setErrors(fields(error)),
  });

  const askAbout = about.ask;
  useEffect(() => {
    void askAbout();
  }, [askAbout]);

  const aside = (
    <>
      {t('founding.have_account')}{' '}
      <Anchor component={Link} to="/sign-in">
        {t('signin.submit')}
      </Anchor>
    </>
  );

  if (offer && !offer.sign_up)
    return <CardPage title={t('founding.closed_title')} lead={t('founding.closed_lead')} aside={aside} />;
  if (sentTo) {
    return (
      <CardPage key="sent" title={t('founding.sent_title')} lead={t('founding.sent_lead', { email: sentTo })}>
        <Button variant="default" fullWidth onClick={() => setSentTo(undefined)}>
          {t('founding.other_address')}
        </Button>
      </CardPage>
    );
  }

  const invalid = isProblem(signUp.error, 'invalid') && signUp.error.errors.length > 0;
  return (
    <CardPage title={t('founding.title')} lead={t('founding.lead')} aside={aside}>
      <form onSubmit={form.onSubmit((wanted) => signUp.ask(wanted))}>
        <Stack gap="md">
          {!invalid && <Refused error={signUp.error} />}
          <TextInput
            label={t('founding.name')}
            autoComplete="organization"
            autoFocus
            required
            withAsterisk={false}
            {...form.getInputProps('name')}
          />
          <NativeSelect
            label={t('founding.preset')}
            data={(offer?.presets ?? [{ name: 'portal' }]).map(({ name }) => ({
              value: name,
              label: t(`founding.preset_${name as Account['preset']}`),
            }))}
            {...form.getInputProps('preset')}
          />
          <div className={classes.names}>
            <TextInput
              label={t('founding.first_name')}
              autoComplete="given-name"
              required
              withAsterisk={false}
              {...form.getInputProps('first_name')}
            />
            <TextInput
              label={t('founding.last_name')}
              autoComplete="family-name"
              required
              withAsterisk={false}
              {...form.getInputProps('last_name')}
            />
          </div>
          <TextInput
            label={t('signin.email')}
            type="email"
            autoComplete="email"
            required
            withAsterisk={false}
            {...form.getInputProps('email')}
          />
          <Button type="submit" fullWidth loading={signUp.busy}>
            {t('founding.submit')}
          </Button>
        </Stack>
      </form>
    </CardPage>
  );
}
