import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** A field for a password that is being chosen; it says the one rule there is. */
export function NewPassword(props: PasswordInputProps) {
  const { t } = useTranslation();
  return (
    <PasswordInput
      label={t('signin.password')}
      description={t('signin.password_rule')}
      autoComplete="new-password"
      minLength={15}
      required
      withAsterisk={false}
      {...props}
    />
  );
}
