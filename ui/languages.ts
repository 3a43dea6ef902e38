import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/** Which sections of "app" a part holds; "inside" is all that is not only for those who are not signed in. */
const sectionsOf: Record<string, string[]> = {
  door: ['entry', 'signin', 'problem', 'field'],
  code: ['code'],
  joining: ['founding', 'joining', 'password', 'roles'],
};
const alsoInside = ['roles'];

/** The parts a section of "app" is in. */
export function partsOf(section: string): string[] {
  const parts = Object.keys(sectionsOf).filter((part) => sectionsOf[part]?.includes(section));
  return parts.length === 0 || alsoInside.includes(section) ? [...parts, 'inside'] : parts;
}

/**
 * Cuts a language file into what a page needs: `?part=name`, `?part=door` for
 * the sign-in page, `?part=code` for its second step, `?part=joining` for the other pages of people who are not
 * signed in, `?part=inside` for the rest of "app", and `?part=letters` for what
 * is under "mail": the server's, and read here only to show a mail in advance.
 */
export function languageParts(): Plugin {
  return {
    name: 'language-parts',
    enforce: 'pre',
    load(id) {
      const [file, part] = id.split('?part=');
      if (!file || !part) return undefined;
      this.addWatchFile(file);
      const { name, app, mail } = JSON.parse(readFileSync(file, 'utf8')) as Language;
      if (part === 'name') return { code: `export default ${JSON.stringify(name)}`, moduleType: 'js' };
      if (part === 'letters') return { code: `export default ${JSON.stringify(mail)}`, moduleType: 'js' };
      const sections = Object.entries(app).filter(([section]) => partsOf(section).includes(part));
      return { code: `export default ${JSON.stringify(Object.fromEntries(sections))}`, moduleType: 'js' };
    },
  };
}

interface Language {
  name: string;
  app: Record<string, unknown>;
  mail: unknown;
}
