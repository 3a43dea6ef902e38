import type { PasswordInputProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Password } from './Password';

/** A field for a password that is being chosen; it says the one rule there is. */
export function NewPassword(props: PasswordInputProps) {
  const { t } = useTranslation();
  return (
    <Password
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
