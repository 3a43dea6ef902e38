import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './stage';

test.describe.configure({ timeout: 90_000 });

const widths = [
  { name: 'a desk', viewport: { width: 1440, height: 900 } },
  { name: 'a phone', viewport: { width: 390, height: 844 } },
];

for (const { name, viewport } of widths) {
  const options = { viewport };

  test(`the ways in are fit for everybody, on ${name}`, async ({ open, found }) => {
    const company = await found('portal');
    const link = await company.invite(company.address('ines'), { modules: ['Inbox'] });
    const page = await open(undefined, options);
    const screens: Screen[] = [
      ['sign in', (p) => p.goto('/sign-in')],
      ['sign up', (p) => p.goto('/sign-up')],
      ['forgotten password', (p) => p.goto('/forgot')],
      ['no such page', (p) => p.goto('/nowhere')],
      ['a link that lost its token', (p) => p.goto('/reset')],
      ['an invitation', (p) => p.goto(link)],
      ['a refusal', (p) => p.getByRole('button', { name: /^Join/ }).click()],
    ];
    await look(page, screens);
    const other = await open(company.owner, options);
    await look(other, [['an invitation for somebody else', (p) => p.goto(link)]]);
  });

  test(`the pages inside are fit for everybody, on ${name}`, async ({ open, found }) => {
    const company = await found('portal');
    await company.addSubAccounts('Rotterdam', 'Antwerp');
    await company.employ('Nora', 'Quist', { modules: ['Inbox', 'Reports', 'Contacts'], subAccounts: ['Antwerp'] });
    await company.deactivate(await company.employ('Ruben', 'Haas', { modules: ['Inbox'] }));
    await company.invite(company.address('pending'), { modules: ['Inbox'] });
    const at = (path: string) => (p: Page) => p.goto(`/a/${company.id}/${path}`);
    const page = await open(company.owner, options);
    await look(page, [
      ['active users', at('users')],
      ['the filter', (p) => p.getByRole('button', { name: 'Filter' }).click()],
      ['the name menu', away, (p) => p.getByRole('button', { name: /your menu/ }).click()],
      ['the menu of a row', away, more('Nora Quist')],
      ['several at once', away, (p) => p.getByRole('checkbox', { name: 'Select Nora Quist' }).check()],
      ['deactivated users', at('users?tab=inactive')],
      ['pending invitations', at('users?tab=pending')],
      ['an invitation', (p) => p.getByRole('link', { name: company.address('pending') }).click()],
      ['nobody found', at('users?q=xyz')],
      ['home', at('home')],
      ['activity', at('activity')],
      [
        'an event',
        (p) =>
          p
            .getByRole('button', { name: /invited/ })
            .first()
            .click(),
      ],
      ['settings: name and looks', at('settings')],
      ['settings: rules', at('settings?tab=rules')],
      ['settings: modules', at('settings?tab=modules')],
      ['settings: sub-accounts', at('settings?tab=sub-accounts')],
      ['my profile', at('me')],
      ['my devices', at('me?tab=security')],
      ['my accounts', at('me?tab=accounts')],
      ['no such page', at('nowhere')],
    ]);
  });

  test(`the dialogs are fit for everybody, on ${name}`, async ({ open, found }) => {
    const company = await found('portal');
    await company.addSubAccounts('Rotterdam', 'Antwerp');
    const colleague = await company.employ('Nora', 'Quist', { modules: ['Inbox'], subAccounts: ['Antwerp'] });
    const page = await open(company.owner, options);
    const users =
      (query = '') =>
      (p: Page) =>
        p.goto(`/a/${company.id}/users${query}`);
    const click = (button: string) => (p: Page) => p.getByRole('button', { name: button, exact: true }).click();
    const type = (text: string) => (p: Page) => p.getByRole('textbox', { name: 'E-mail addresses' }).fill(text);
    const list = `${company.address('one')}, ${colleague.email}, two@mailinator.com`;
    await look(page, [
      ['invite users', users(), click('Invite users')],
      ['addresses that are wrong', type('one@@two, three'), (p) => p.keyboard.press('Enter')],
      ['set permission', click('Remove all 2'), type(list), click('Set Permission')],
      ['no module yet', click('Send Invites')],
      ['what became of each', (p) => p.getByRole('checkbox', { name: 'Inbox' }).check(), click('Send Invites')],
      ['a user', users(`/${colleague.member}`)],
      ['their devices', users(`/${colleague.member}?view=devices`)],
      ['their timeline', users(`/${colleague.member}?view=timeline`)],
      ['change type and modules', users(), more('Nora Quist'), item('Change type and modules')],
      ['what a departure does', users(), more('Nora Quist'), item('Deactivate')],
      ['confirm by name', click('Continue')],
      ['the receipt', click('Deactivate Nora Quist')],
      ['activate again', users('?tab=inactive'), more('Nora Quist'), item('Activate')],
      ['the last one who can manage', users(), more('Olga Brandt'), item('Deactivate')],
    ]);
  });
}

/** A screen, and how one comes to it from the one before. */
type Screen = [name: string, ...ways: ((page: Page) => Promise<unknown>)[]];

/** Goes from screen to screen, and looks at each as it is when it has come to rest. */
async function look(page: Page, screens: Screen[]): Promise<void> {
  for (const [name, ...ways] of screens) {
    await test.step(name, async () => {
      for (const go of ways) await go(page);
      await rest(page);
      await expectAccessible(page, name);
      const room = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth] as const);
      expect.soft(room[0], `${name} is not wider than the screen`).toBeLessThanOrEqual(room[1]);
      await picture(page, `${name}, light`);
      await dress(page, 'dark');
      await expectAccessible(page, `${name}, dark`, ['color-contrast']);
      await picture(page, `${name}, dark`);
      await dress(page, 'light');
    });
  }
}

/** Changes what the reader's system prefers, and waits until the page follows. */
async function dress(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
  await rest(page);
}

/** Waits until nothing loads and nothing moves. */
async function rest(page: Page): Promise<void> {
  await expect(page.getByRole('heading').first()).toBeVisible();
  await expect(page.locator('[aria-busy=true], .mantine-Skeleton-root, .mantine-Loader-root')).toHaveCount(0);
  await page.evaluate(async () => {
    do {
      await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
      await new Promise(requestAnimationFrame);
    } while (document.getAnimations().length > 0);
  });
}

/** Keeps a picture for people to look at, where TENURE_PICTURES says. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.TENURE_PICTURES;
  const words = [page.viewportSize()?.width, name].join(' ').replace(/\W+/g, '-');
  if (folder) await page.screenshot({ path: `${folder}/${words}.png` });
}

const away = (page: Page) => page.keyboard.press('Escape');
const more = (name: string) => (page: Page) => page.getByRole('button', { name: `More about ${name}` }).click();
const item = (name: string) => (page: Page) => page.getByRole('menuitem', { name, exact: true }).click();
