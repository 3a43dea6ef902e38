import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/problem';
import { Note } from '../signin/Note';
import { Refused } from '../signin/Refused';

interface CodeFieldProps {
  value: string;
  onCode: (code: string) => void;
  /** Why the last code was refused. */
  error: unknown;
  description?: string;
}

/** Asks for a code of the authenticator app, under what was wrong with the last one. */
export function CodeField({ value, onCode, error, description }: CodeFieldProps) {
  const { t } = useTranslation();
  return (
    <>
      {isProblem(error, 'bad_credentials') ? (
        <Note tone="refused">{t('factor.wrong')}</Note>
      ) : (
        <Refused error={error} />
      )}
      <TextInput
        label={t('factor.code')}
        description={description}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={40}
        data-autofocus
        required
        withAsterisk={false}
        value={value}
        onChange={(event) => onCode(event.currentTarget.value)}
      />
    </>
  );
}
