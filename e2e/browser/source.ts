import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../ui/src/', import.meta.url));

const read = (name: string) => readFileSync(root + name, 'utf8');

/** Every address of the app, as its own table of routes has it. */
export function routes(): string[] {
  const [before = '', shell = '', after = ''] = read('Pages.tsx').split(
    /(?<=<Route path="\/a\/:account".*\}>)|<\/Route>/,
  );
  const inside = '/a/:account';
  return [...pathsIn(before), inside, ...pathsIn(shell).map((path) => `${inside}/${path}`), ...pathsIn(after)];
}

const pathsIn = (source: string) => [...source.matchAll(/<Route path="(.+?)"/g)].map(([, path = '']) => path);

/** Every file that draws something over a page: a dialog, a panel, a menu, a bar or a toast. */
export function surfaces(): string[] {
  const over = /<(?:Modal|Drawer|Menu|Popover|Spotlight|ActionBar)(?:\.Root)?[\s>]|notifications\.show\(/;
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && over.test(read(name)))
    .map((name) => name.replaceAll('\\', '/').replace(/\.tsx?$/, ''))
    .sort();
}
