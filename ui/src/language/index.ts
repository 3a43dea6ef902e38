import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

/**
 * The languages are the files of internal/language, which the server reads for
 * its mails. Only the part "app" comes here, and only of the language in use:
 * a further language is one more file there and nothing here.
 */
const words = import.meta.glob('../../../internal/language/*.json', { import: 'app' });
const names = import.meta.glob<string>('../../../internal/language/*.json', { import: 'name', eager: true });

const codeOf = (path: string) => path.replace(/^.*\/(.+)\.json$/, '$1');
const sources = new Map(Object.entries(words).map(([path, load]) => [codeOf(path), load]));

/** What there is to choose from, each by its own name. */
export const languages = Object.entries(names).map(([path, name]) => ({ code: codeOf(path), name }));

const fallback = 'en';
const chosenKey = 'tenure-language';

function preferred(): string {
  const wanted = [window.localStorage.getItem(chosenKey) ?? '', ...navigator.languages];
  return wanted.map((tag) => tag.slice(0, 2)).find((code) => sources.has(code)) ?? fallback;
}

async function speak(code: string): Promise<void> {
  if (!i18next.hasResourceBundle(code, 'translation')) {
    const load = sources.get(code);
    if (!load) return;
    i18next.addResourceBundle(code, 'translation', await load());
  }
  await i18next.changeLanguage(code);
  document.documentElement.lang = code;
}

/** Switches the language and remembers it on this device. */
export async function chooseLanguage(code: string): Promise<void> {
  window.localStorage.setItem(chosenKey, code);
  await speak(code);
}

/** Takes over the language of a profile, unless this device has its own. */
export async function followProfile(locale: string): Promise<void> {
  if (!window.localStorage.getItem(chosenKey)) await speak(locale.slice(0, 2));
}

export async function startLanguage(): Promise<void> {
  await i18next.use(initReactI18next).init({
    fallbackLng: false,
    resources: {},
    // A key may have words of its own for a preset: "users@portal".
    contextSeparator: '@',
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  await speak(preferred());
}
