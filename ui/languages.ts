import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/** Which sections of "app" a part holds; "inside" is all the others. */
const sectionsOf: Record<string, string[]> = {
  door: ['entry', 'signin', 'problem', 'field'],
  joining: ['founding', 'joining', 'password'],
};

/** The part a section of "app" is loaded with. */
export function partOf(section: string): string {
  return Object.keys(sectionsOf).find((part) => sectionsOf[part]?.includes(section)) ?? 'inside';
}

/**
 * Cuts a language file into what a page needs: `?part=name`, `?part=door` for
 * the sign-in page, `?part=joining` for the other pages of people who are not
 * signed in, `?part=inside` for the rest of "app". What is under "mail" is the
 * server's and never comes into the browser.
 */
export function languageParts(): Plugin {
  return {
    name: 'language-parts',
    enforce: 'pre',
    load(id) {
      const [file, part] = id.split('?part=');
      if (!file || !part) return undefined;
      this.addWatchFile(file);
      const { name, app } = JSON.parse(readFileSync(file, 'utf8')) as Language;
      if (part === 'name') return { code: `export default ${JSON.stringify(name)}`, moduleType: 'js' };
      const sections = Object.entries(app).filter(([section]) => partOf(section) === part);
      return { code: `export default ${JSON.stringify(Object.fromEntries(sections))}`, moduleType: 'js' };
    },
  };
}

interface Language {
  name: string;
  app: Record<string, unknown>;
}
