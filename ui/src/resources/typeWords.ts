import { useTranslation } from 'react-i18next';
import type { ResourceType } from '../api/schema';

/** What people call the things of a type: in a sentence, and where a line begins. */
export type TypeWords = {
  one: string;
  many: string;
  /** With a capital, for headings, buttons and the navigation. */
  One: string;
  Many: string;
};

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** The words that an account gave a type, in the reader's language where it has some there. */
export function useTypeWords(): (type: ResourceType) => TypeWords {
  const { i18n } = useTranslation();
  return ({ name, words }) => {
    const one = words[`${i18n.language}.one`] || words.one || name;
    const many = words[`${i18n.language}.many`] || words.many || name;
    return { one, many, One: capital(one), Many: capital(many) };
  };
}
