import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type BrowserContextOptions, expect, type Page, test as plain } from '@playwright/test';
import { Company, Operator, type Person, type Preset } from './company';
import { Demo } from './demo';
import { Mailbox } from './mailbox';

interface Stage {
  mailbox: Mailbox;
  operator: Operator;
  /** An account of its own, with nobody in it but its first administrator. */
  found: (preset: Preset, locale?: string) => Promise<Company>;
  /** A browser of its own, signed in as somebody or not at all. */
  open: (person?: Person, options?: BrowserContextOptions) => Promise<Page>;
}

/** One program per worker; accounts, browsers and addresses are each test's own. */
export const test = plain.extend<Stage, { demo: Demo }>({
  demo: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the names of what a fixture needs.
    async ({}, use) => {
      const demo = await Demo.start();
      await use(demo);
      await demo.stop();
      expect(demo.errors(), 'what went wrong inside the program').toEqual([]);
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  baseURL: async ({ demo }, use) => use(demo.origin),
  mailbox: async ({ demo }, use) => use(new Mailbox(demo.origin)),
  operator: async ({ demo }, use) => use(new Operator(demo.origin, demo.operatorKey)),
  found: async ({ operator, mailbox }, use) =>
    use((preset, locale) => Company.found(preset, operator, mailbox, locale)),
  open: async ({ browser, demo }, use) => {
    const faults: string[] = [];
    const pages: Page[] = [];
    await use(async (person, options) => {
      const context = await browser.newContext(options);
      if (person) {
        const data = { email: person.email, password: person.password };
        expect((await context.request.post('/v1/sign-in', { data })).status()).toBe(200);
      }
      const page = await context.newPage();
      pages.push(page);
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (said) => {
        if (/Content Security Policy|^Warning:/.test(said.text())) faults.push(said.text());
      });
      return page;
    });
    for (const page of pages) await page.context().close();
    expect(faults, 'what went wrong inside the pages').toEqual([]);
    expect(demo.errors(), 'what went wrong inside the program').toEqual([]);
  },
});

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The rules that have to do with colour: what the others find is the same in light and dark. */
const colourRules = ['color-contrast', 'link-in-text-block'];

/** Looks at the page as people do who cannot see it well, or not at all: by every rule there is, or by those of colour. */
export async function expectAccessible(page: Page, name: string, rules: 'every' | 'colour' = 'every'): Promise<void> {
  // A dialog gets its name a moment after it is drawn.
  await expect(page.locator('[role=dialog]:not([aria-labelledby], [aria-label])')).toHaveCount(0);
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const found = await page.evaluate(
    async (options) => {
      const { violations } = await (window as unknown as AxeWindow).axe.run(options);
      return violations.flatMap(({ id, nodes }) => nodes.map((n) => `${id}: ${n.failureSummary}\n${n.html}`));
    },
    // What is right is not listed in full.
    { resultTypes: ['violations'], ...(rules === 'colour' && { runOnly: colourRules }) },
  );
  expect.soft(found, `what stands in somebody's way on: ${name}`).toEqual([]);
}

interface AxeWindow {
  axe: {
    run(options: object): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
  };
}

export { expect };
