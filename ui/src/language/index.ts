import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { regional } from './regional';

/**
 * The languages are the files of internal/language, which the server reads for
 * its mails: a further language is one more file there and nothing here. Only
 * the language in use is loaded, and of it only the part a page needs.
 */
const names = import.meta.glob<string>('../../../internal/language/*.json', {
  import: 'default',
  query: '?part=name',
  eager: true,
});
const door = import.meta.glob('../../../internal/language/*.json', { import: 'default', query: '?part=door' });
const code = import.meta.glob('../../../internal/language/*.json', { import: 'default', query: '?part=code' });
const joining = import.meta.glob('../../../internal/language/*.json', { import: 'default', query: '?part=joining' });
const inside = import.meta.glob('../../../internal/language/*.json', { import: 'default', query: '?part=inside' });

const tagOf = (path: string) => path.replace(/^.*\/(.+)\.json$/, '$1');
const pathOf = (tag: string) => `../../../internal/language/${tag}.json`;

/** What there is to choose from, each by its own name. */
export const languages = Object.entries(names).map(([path, name]) => ({ code: tagOf(path), name }));

const fallback = 'en';
const chosenKey = 'tenure-language';
const further = { code, joining, inside };
const loaded = [door];

function preferred(): string {
  const wanted = [window.localStorage.getItem(chosenKey) ?? '', ...navigator.languages];
  return wanted.map((tag) => tag.slice(0, 2)).find((code) => pathOf(code) in door) ?? fallback;
}

async function load(code: string): Promise<void> {
  const words = await Promise.all(loaded.map((part) => part[pathOf(code)]?.()));
  for (const some of words) i18next.addResourceBundle(code, 'translation', some, true, true);
}

async function speak(code: string): Promise<void> {
  if (!(pathOf(code) in door)) return;
  await load(code);
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
  if (!window.localStorage.getItem(chosenKey) && locale.slice(0, 2) !== i18next.language) {
    await speak(locale.slice(0, 2));
  }
}

/** Loads a further part, for the language in use and for any that is chosen later. */
async function learn(name: keyof typeof further): Promise<void> {
  const part = further[name];
  if (loaded.includes(part)) return;
  loaded.push(part);
  await load(i18next.language);
}

/** A page together with the words it needs. */
export async function knowing<Page>(part: keyof typeof further, page: Promise<Page>): Promise<Page> {
  const [loaded] = await Promise.all([page, learn(part)]);
  return loaded;
}

const written = (value: unknown, _format: unknown, code: string | undefined) =>
  typeof value === 'number' ? value.toLocaleString(code && regional(code)) : (value as string);

export async function startLanguage(): Promise<void> {
  await i18next.use(initReactI18next).init({
    fallbackLng: false,
    resources: {},
    // A key may have words of its own for a preset: "users@portal".
    contextSeparator: '@',
    // A number in a sentence is written as the reader writes it: 1,234.
    interpolation: { escapeValue: false, alwaysFormat: true, format: written },
    react: { useSuspense: false },
    // The library would thank its sponsor in everybody's console.
    showSupportNotice: false,
  });
  await speak(preferred());
}
