import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { Section } from '../shell/Section';
import { DeviceList } from './DeviceList';
import { EmailForm } from './EmailForm';
import { FactorView } from './FactorView';
import { PasswordForm } from './PasswordForm';

/** How the reader signs in, and where they are signed in now. */
export function SecurityView() {
  const { t } = useTranslation();
  const { session } = usePlace();
  return (
    <>
      <Section title={t('me.devices')} lead={t('me.devices_lead')}>
        <DeviceList />
      </Section>
      <Section title={t('signin.password')} lead={t('me.password_lead')}>
        <PasswordForm />
      </Section>
      <Section title={t('factor.title')} lead={t('factor.lead')}>
        <FactorView />
      </Section>
      <Section title={t('signin.email')} lead={t('me.email_lead', { email: session.email })}>
        <EmailForm />
      </Section>
    </>
  );
}
