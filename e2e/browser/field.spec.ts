import type { Page } from '@playwright/test';
import type { Colleague, Company } from './company';
import { expect, test } from './stage';
import { row } from './steps';

// "Inactivating a user", walked as the page tells it.

test('F1, F2, F3, F4, F5: a user is made inactive in four steps, and is out before anything is asked', async ({
  open,
  found,
}) => {
  const company = await found('field');
  const karl = await company.employ('Karl', 'Ahlers');
  const nora = await company.employ('Nora', 'Quist');
  await pins(company, karl, 3);
  await company.charge(3000);
  const [browser, phone] = [await open(karl), await open(karl)];
  await browser.goto(`/a/${company.id}`);
  await phone.goto(`/a/${company.id}/me`);

  const page = await open(company.owner);
  const wizard = page.getByRole('dialog', { name: 'Deactivate Karl Ahlers' });
  await test.step('F1: the pencil at the end of the row, and the drop-down of the form', async () => {
    await page.goto(`/a/${company.id}`);
    await page.getByRole('navigation').getByRole('link', { name: 'Users' }).click();
    await expect(page.getByRole('heading', { name: 'User management' })).toBeVisible();
    await row(page, karl.email).hover();
    await page.getByRole('button', { name: 'Edit Karl Ahlers' }).click();
    await choose(page, 'Status', 'Inactive');
  });
  await test.step('F2: without a phone number it does not go on, and the number is taken here', async () => {
    await expect(wizard.getByRole('alert')).toContainText('Karl Ahlers has no phone number yet.');
    await wizard.getByRole('button', { name: 'Continue' }).click();
    await expect(wizard.getByText('A phone number is needed to go on.')).toBeVisible();
    await browser.reload();
    await expect(browser.getByRole('heading', { name: 'Welcome, Karl' }), 'nothing has happened yet').toBeVisible();
    await wizard.getByRole('textbox', { name: 'Phone number of Karl Ahlers' }).fill('+31 20 555 0100');
  });
  await test.step('F3: from the confirmation on, every session is refused at its next request', async () => {
    await wizard.getByRole('button', { name: 'Continue' }).click();
    await expect(wizard.getByText('What becomes of the 3 pins of Karl Ahlers?')).toBeVisible();
    await browser.getByRole('button', { name: /your menu/ }).click();
    await browser.getByRole('menuitem', { name: 'My profile' }).click();
    await expect(browser).toHaveURL(/\/sign-in/);
    await phone.reload();
    await expect(phone).toHaveURL(/\/sign-in/);
  });
  const credited =
    await test.step('F5: the seat is free from that instant, and what is left of its period is credited', async () => {
      const { seats, balance, period } = await company.call<Billing>('GET', '/billing');
      expect(seats.used).toBe(2);
      const { items } = await company.call<{ items: { id: string }[] }>('GET', '/departures?state=settling');
      const { effects } = await company.call<Plan>('GET', `/departures/${items[0]?.id}`);
      const { share } = effects.find(({ kind }) => kind === 'seat_credit') ?? {};
      const whole = (Date.parse(period.end) - Date.parse(period.start)) / 1000;
      expect(share).toMatchObject({ price: 3000, period_seconds: whole });
      expect(share?.seconds).toBeGreaterThan(0);
      // To the unit, of which a half goes to the even one.
      expect(Math.abs(balance - (3000 * (share?.seconds ?? 0)) / whole)).toBeLessThanOrEqual(0.5);
      const billing = await open(company.owner);
      await billing.goto(`/a/${company.id}/billing`);
      const dollars = `$${(balance / 100).toFixed(2)}`;
      await expect(billing.getByRole('definition').filter({ hasText: dollars })).toBeVisible();
      return dollars;
    });
  await test.step('F4: then the pins are left or transferred, all or by choice', async () => {
    await wizard.getByRole('button', { name: 'Finish' }).click();
    await expect(wizard.getByText('Choose one of these.')).toBeVisible();
    await wizard.getByRole('radio', { name: 'Choose one by one' }).check();
    await wizard.getByRole('checkbox', { name: 'Select Pin 1' }).check();
    await choose(page, '1 chosen: what becomes of it?', /Nora Quist/);
    await expect(wizard.getByRole('row', { name: /Pin 1/ })).toContainText('Nora Quist');
    await wizard.getByRole('button', { name: 'Finish' }).click();
    await expect(wizard.getByText('Karl Ahlers is deactivated.')).toBeVisible();
    await expect(wizard.getByText('1 pin went to Nora Quist.')).toBeVisible();
    await expect(wizard.getByText('2 pins stay with them')).toBeVisible();
    await expect(wizard.getByText(/^The seat ended\. Credited to the next invoice/)).toContainText(credited);
    expect(await owners(company)).toEqual([nora.member, karl.member, karl.member]);
  });
  const { phone: noted, status } = await company.call<{ phone: string; status: string }>(
    'GET',
    `/members/${karl.member}`,
  );
  expect([noted, status]).toEqual(['+31 20 555 0100', 'inactive']);
});

test('F3: who closes the wizard after the confirmation leaves them out, and their pins with them, until it is settled', async ({
  open,
  found,
}) => {
  const company = await found('field');
  const karl = await company.employ('Karl', 'Ahlers');
  const nora = await company.employ('Nora', 'Quist');
  await company.call('PATCH', `/members/${karl.member}`, { phone: '+31 20 555 0100' });
  await pins(company, karl, 4);
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/users/${karl.member}`);
  await choose(page, 'Status', 'Inactive');
  const wizard = page.getByRole('dialog', { name: 'Deactivate Karl Ahlers' });
  await wizard.getByRole('button', { name: 'Continue' }).click();
  await expect(wizard.getByText('What becomes of the 4 pins of Karl Ahlers?')).toBeVisible();
  await wizard.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByText('The access of Karl Ahlers has ended.', { exact: false })).toBeVisible();
  expect(new Set(await owners(company))).toEqual(new Set([karl.member]));
  await expect(company.token(karl)).rejects.toMatchObject({ code: 'member_inactive' });

  await page.goto(`/a/${company.id}/users?tab=inactive`);
  await expect(page.getByRole('tab', { name: /Inactive users 1.*1 is suspended and still to settle/ })).toBeVisible();
  await expect(row(page, karl.email)).toContainText('Still to settle');
  await page.getByRole('button', { name: 'More about Karl Ahlers' }).click();
  await page.getByRole('menuitem', { name: 'Settle' }).click();
  await wizard.getByRole('radio', { name: 'Split them among several colleagues' }).check();
  await wizard.getByRole('combobox', { name: 'Among whom?' }).click();
  for (const name of [/Nora Quist/, /Olga Brandt/]) await page.getByRole('option', { name }).click();
  await page.keyboard.press('Tab');
  await wizard.getByRole('button', { name: 'Finish' }).click();
  await expect(wizard.getByText('2 pins went to Nora Quist.')).toBeVisible();
  await expect(wizard.getByText('2 pins went to Olga Brandt.')).toBeVisible();
  const { owner } = company;
  expect((await owners(company)).sort()).toEqual([nora.member, nora.member, owner.member, owner.member].sort());

  await test.step('what could not be undone is said with its reason', async () => {
    await company.call('PUT', '/resources/pin/1', { name: 'Pin 1', owner: owner.member });
    await company.call('PUT', '/resources/pin/2', { name: 'Pin 2', owner: nora.member });
    await wizard.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByText('Karl Ahlers is back. Not everything could be:')).toBeVisible();
    await expect(page.getByText(/2 pins have changed since/)).toBeVisible();
  });
});

interface Billing {
  seats: { used: number };
  balance: number;
  period: { start: string; end: string };
}

interface Plan {
  effects: { kind: string; share?: { price: number; seconds: number; period_seconds: number } }[];
}

/** Gives somebody so many pins, named by their number. */
async function pins(company: Company, owner: Colleague, count: number): Promise<void> {
  for (let id = 1; id <= count; id += 1) {
    await company.call('PUT', `/resources/pin/${id}`, { name: `Pin ${id}`, owner: owner.member });
  }
}

/** Who owns the pins, in their order. */
async function owners(company: Company): Promise<string[]> {
  const { items } = await company.call<{ items: { owner: string }[] }>('GET', '/resources?type=pin');
  return items.map(({ owner }) => owner);
}

/** Chooses in a drop-down. */
async function choose(page: Page, label: string, option: string | RegExp): Promise<void> {
  await page.getByRole('combobox', { name: label }).click();
  await page.getByRole('option', { name: option }).click();
}
