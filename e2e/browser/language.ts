import { readFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';

/** Every word of a language file that belongs on screens, flat. */
function wordsOf(code: string): string[] {
  const file = new URL(`../../internal/language/${code}.json`, import.meta.url);
  return flat((JSON.parse(readFileSync(file, 'utf8')) as { app: unknown }).app);
}

function flat(words: unknown): string[] {
  return typeof words === 'string' ? [words] : Object.values(words as object).flatMap(flat);
}

/** Matches a text of the file with anything in the place of its variables. */
function pattern(text: string): string {
  return text
    .trim()
    .split(/\{\{\w+\}\}/)
    .map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.+');
}

/** The words in which a language writes a time. */
function timeWordsOf(code: string): Set<string> {
  const found = new Set<string>();
  for (const dateStyle of ['full', 'medium'] as const) {
    const format = new Intl.DateTimeFormat(code, { dateStyle, timeStyle: 'long', timeZone: 'Europe/Amsterdam' });
    for (let day = 0; day < 365; day += 1) {
      for (const word of lettersOf(format.format(new Date(Date.UTC(2026, 0, day, 12))))) found.add(word);
    }
  }
  return found;
}

const lettersOf = (text: string): string[] => text.match(/\p{L}+/gu) ?? [];

/**
 * Fails unless every text on the page, seen or read aloud, comes from the file
 * of a language, or is a time. Names, addresses, figures and hashes speak none.
 */
export async function expectOnly(code: string, page: Page, ...names: string[]): Promise<void> {
  // A text of nothing but variables would match whatever there is.
  const words = wordsOf(code).filter((text) => /\p{L}/u.test(text.replace(/\{\{\w+\}\}/g, '')));
  const known = new RegExp(`^(${[...words, ...names].map(pattern).join('|')})$`, 's');
  const speechless = /^([\p{Lu}\d\W]+|[0-9a-f]{64})$/u;
  const times = timeWordsOf(code);
  const strange = (await textsOf(page)).filter(
    (text) => !known.test(text) && !speechless.test(text) && !lettersOf(text).every((word) => times.has(word)),
  );
  expect(strange, `texts that are not in the file of ${code}`).toEqual([]);
}

/** The texts of a page as its markup has them, and the names of what has no text. */
function textsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found = new Set<string>();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      // A place where a line may break divides no text.
      if (walker.currentNode.previousSibling?.nodeName === 'WBR') continue;
      const pieces = [walker.currentNode];
      for (let last: Node | null = walker.currentNode; last?.nextSibling?.nodeName === 'WBR'; ) {
        last = last.nextSibling.nextSibling;
        if (last) pieces.push(last);
      }
      const text = pieces
        .map((piece) => piece.textContent)
        .join('')
        .trim();
      if (text && !walker.currentNode.parentElement?.closest('time, script, style, [lang]:not(html)')) found.add(text);
    }
    for (const element of Array.from(document.body.querySelectorAll('[aria-label], [placeholder], [title]'))) {
      for (const name of ['aria-label', 'placeholder', 'title']) {
        const text = element.getAttribute(name)?.trim();
        if (text && !element.closest('time, [aria-hidden=true]')) found.add(text);
      }
    }
    return [...found];
  });
}
