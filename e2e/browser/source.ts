import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../ui/src/', import.meta.url));

const read = (name: string) => readFileSync(root + name, 'utf8');

/** Every address of the app, as its own tables of routes have it. */
export function routes(): string[] {
  const inside = '/a/:account';
  const outside = pathsIn(read('Pages.tsx')).map((path) => (path === `${inside}/*` ? inside : path));
  return [...outside, ...pathsIn(read('Inside.tsx')).map((path) => `${inside}/${path}`)];
}

const pathsIn = (source: string) => [...source.matchAll(/<Route path="(.+?)"/g)].map(([, path = '']) => path);

/** Every file that draws something over a page: a dialog, a panel, a menu, a bar or a toast. */
export function surfaces(): string[] {
  const over = /<(?:Modal|Drawer|Panel|Menu|Popover|Spotlight|ActionBar)(?:\.Root)?[\s>]|notifications\.show\(/;
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && over.test(read(name)))
    .map((name) => name.replaceAll('\\', '/').replace(/\.tsx?$/, ''))
    .sort();
}
