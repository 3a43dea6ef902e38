import { UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { chooseLanguage, languages } from '.';
import classes from './LanguageLinks.module.css';

/** The languages by their own names, for people who are not signed in. */
export function LanguageLinks() {
  const { t, i18n } = useTranslation();
  return (
    <nav aria-label={t('entry.language')} className={classes.links}>
      {languages.map(({ code, name }) => (
        <UnstyledButton
          key={code}
          lang={code}
          className={classes.link}
          aria-current={code === i18n.language}
          onClick={() => chooseLanguage(code)}
        >
          {name}
        </UnstyledButton>
      ))}
    </nav>
  );
}
