import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import type { Colleague, Company } from './company';
import { expect, test } from './stage';
import { row } from './steps';

// What the wizard decides, departures of many and at a set time, and the receipt.

test('P7: who has unused credits cannot go, is told how many, and the wizard moves them', async ({ open, found }) => {
  const company = await found('credits');
  const jo = await company.employ('Jo', 'Maas');
  const kim = await company.employ('Kim', 'Bos');
  await company.call('POST', '/credits/purchases', { amount: 100 });
  await company.call('POST', '/credits/transfers', { from: 'company', to: jo.member, amount: 40 });
  const page = await open(company.owner);
  const wizard = await depart(page, company, 'Jo Maas', 'Deactivate');
  await expect(wizard.getByRole('alert')).toContainText(
    'Jo Maas still has 40 unused credits, and cannot go with them.',
  );
  await wizard.getByRole('button', { name: 'Continue' }).click();
  await wizard.getByRole('button', { name: 'Continue' }).click();
  await expect(wizard.getByText('Choose one of these.')).toBeVisible();

  await wizard.getByRole('radio', { name: 'To a colleague' }).check();
  await test.step('Escape is for what lies on top, and what was decided does not go unasked', async () => {
    await page.getByRole('combobox', { name: 'Who gets the credits?' }).click();
    await expect(page.getByRole('option', { name: /Kim Bos/ })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('option', { name: /Kim Bos/ })).toBeHidden();
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('textbox', { name: 'Find a person or a page' });
    await expect(palette).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(palette).toBeHidden();
    const asked = page.getByRole('dialog', { name: 'Leave without saving?' });
    await expect(asked).toBeHidden();
    await wizard.getByRole('radio', { name: 'To a colleague' }).press('Escape');
    await expect(asked.getByRole('button', { name: 'Keep editing' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(asked).toBeHidden();
    await expect(wizard.getByRole('radio', { name: 'To a colleague' })).toBeChecked();
  });
  await page.getByRole('combobox', { name: 'Who gets the credits?' }).click();
  await page.getByRole('option', { name: /Kim Bos/ }).click();
  await company.call('POST', `/members/${kim.member}/suspend`);
  await wizard.getByRole('button', { name: 'Continue' }).click();
  await expect(wizard.getByText(/^This person cannot have them/), 'who cannot is told at the field').toBeVisible();
  await company.call('POST', `/members/${kim.member}/activate`);
  await wizard.getByRole('button', { name: 'Continue' }).click();
  await wizard.getByRole('button', { name: 'Back' }).click();
  await wizard.getByRole('button', { name: 'Back' }).click();
  await expect(wizard.getByText('40 credits move to Kim Bos.')).toBeVisible();
  await wizard.getByRole('button', { name: 'Continue' }).click();
  await wizard.getByRole('button', { name: 'Continue' }).click();

  await test.step('a plan that drifted is shown anew', async () => {
    await company.call('POST', '/credits/transfers', { from: 'company', to: jo.member, amount: 2 });
    await wizard.getByRole('button', { name: 'Deactivate Jo Maas' }).click();
    await expect(wizard.getByText(/^Something has changed since you looked/)).toBeVisible();
    await expect(wizard.getByText('42 credits move to Kim Bos.')).toBeVisible();
  });
  await wizard.getByRole('button', { name: 'Continue' }).click();
  await wizard.getByRole('button', { name: 'Continue' }).click();
  await wizard.getByRole('button', { name: 'Deactivate Jo Maas' }).click();
  await expect(wizard.getByText('42 credits moved to Kim Bos.')).toBeVisible();
});

test('P10: who used a credit is not deleted, and deactivation is proposed', async ({ open, found }) => {
  const company = await found('credits');
  const jo = await company.employ('Jo', 'Maas');
  await company.call('PATCH', '', { policy: { undo_window: 0 } });
  await company.call('POST', '/credits/purchases', { amount: 5 });
  await company.call('POST', '/credits/transfers', { from: 'company', to: jo.member, amount: 1 });
  await company.call('POST', '/records/r1/download', { cost: 1, member: jo.member });
  const page = await open(company.owner);
  const wizard = await depart(page, company, 'Jo Maas', 'Delete');
  await expect(wizard.getByRole('alert')).toContainText('has used credits, and so cannot be deleted');
  await wizard.getByRole('button', { name: 'Deactivate instead' }).click();
  const instead = page.getByRole('dialog', { name: 'Deactivate Jo Maas' });
  await instead.getByRole('button', { name: 'Continue' }).click();
  await expect(instead.getByText('This cannot be undone.'), 'where the account has no time to undo').toBeVisible();
  await instead.getByRole('button', { name: 'Deactivate Jo Maas' }).click();
  await expect(instead.getByText('Jo Maas is deactivated.')).toBeVisible();
  await instead.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText('Jo Maas is deactivated.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Undo' })).toHaveCount(0);
});

test('many leave in one departure, each with a verdict, and one receipt to print', async ({ open, found }) => {
  const company = await found('portal');
  const people: Colleague[] = [];
  for (const name of ['Ada', 'Bo', 'Cas']) people.push(await company.employ(name, 'Vries', { modules: ['Inbox'] }));
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/users`);
  for (const name of ['Ada Vries', 'Bo Vries', 'Cas Vries', 'Olga Brandt']) {
    await page.getByRole('checkbox', { name: `Select ${name}` }).check();
  }
  const bar = page.getByLabel('With the selected');
  await bar.getByRole('button', { name: 'Deactivate' }).click();
  const all = page.getByRole('dialog', { name: 'Deactivate 4 people' });
  await expect(all.getByRole('alert')).toContainText('Olga Brandt is the last one who can manage this account.');
  await test.step('the access of many ends one by one, and who is still in is named', async () => {
    await all.getByRole('button', { name: 'End access now, settle later' }).click();
    await expect(page.getByText(/^The access of 3 people has ended/)).toBeVisible();
    await expect(page.getByText(/^Olga Brandt is still in: /)).toBeVisible();
    for (const { member } of people) await company.call('POST', `/members/${member}/activate`);
    await page.reload();
    for (const name of ['Ada Vries', 'Bo Vries', 'Cas Vries', 'Olga Brandt']) {
      await page.getByRole('checkbox', { name: `Select ${name}` }).check();
    }
    await bar.getByRole('button', { name: 'Deactivate' }).click();
  });
  await all.getByRole('button', { name: 'Go on without Olga Brandt' }).click();
  const wizard = page.getByRole('dialog', { name: 'Deactivate 3 people' });
  await wizard.getByRole('button', { name: 'Continue' }).click();
  await expect(wizard.getByText('Cas Vries')).toBeVisible();
  await wizard.getByRole('button', { name: 'Deactivate 3 people' }).click();
  await expect(wizard.getByText('3 people are deactivated.')).toBeVisible();
  await expect(wizard.getByRole('listitem').filter({ hasText: 'Bo Vries' })).toContainText('Done');

  await wizard.getByRole('link', { name: 'Receipt' }).click();
  await expect(page.getByRole('heading', { name: 'Receipt of a departure' })).toBeVisible();
  for (const { email } of people) await expect(page.getByText(email)).toBeVisible();
  await expect(page.getByText('3 people deactivated')).toBeVisible();
  const link = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download JSON' }).click();
  const file = JSON.parse(await readFile(await (await link).path(), 'utf8'));
  expect(file.members).toHaveLength(3);
  await expect(page.getByText(file.signature)).toBeVisible();
  await expect(page.getByText(file.chain_head.hash)).toBeVisible();
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await expect(page.locator('body'), 'paper is white').toHaveCSS('background-color', 'rgb(255, 255, 255)');
  await expect(page.getByRole('banner'), 'on paper there is nothing but the receipt').toBeHidden();
  await expect(page.getByRole('button', { name: 'Print' })).toBeHidden();
  await expect(page.getByText(file.signature)).toBeVisible();
  await page.emulateMedia({ media: 'screen', colorScheme: 'light' });

  await test.step('whoever is removed is told apart from others as long as it can be undone', async () => {
    const removed = await company.employ('Dee', 'Smit', { modules: ['Inbox'] });
    await company.letGo(removed, 'remove');
    await page.goto(`/a/${company.id}/departures?tab=applied`);
    await page.getByRole('link', { name: 'Dee Smit' }).click();
    await expect(page.getByRole('dialog').getByRole('heading', { name: 'Dee Smit' })).toBeVisible();
  });
  await page.goto(`/a/${company.id}/departures?tab=applied`);
  await page.getByRole('link', { name: 'Ada Vries and 2 more' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('3 people are back.')).toBeVisible();
  for (const { member } of people) {
    expect(await company.call('GET', `/members/${member}`)).toMatchObject({ status: 'active' });
  }
});

test('a departure waits for its time, is seen, and can be cancelled', async ({ open, found, operator }) => {
  const company = await found('portal');
  const ada = await company.employ('Ada', 'Vries', { modules: ['Inbox'] });
  const page = await open(company.owner);
  const set = async () => {
    const wizard = await depart(page, company, 'Ada Vries', 'Deactivate');
    await wizard.getByRole('button', { name: 'Continue' }).click();
    await wizard.getByRole('radio', { name: 'At a set time' }).check();
    await wizard.getByRole('button', { name: 'Deactivate Ada Vries then' }).click();
    await expect(wizard.getByText('Choose a time that is still to come.')).toBeVisible();
    await wizard.getByLabel('Day and time').fill(inTwoDays());
    await wizard.getByRole('button', { name: 'Deactivate Ada Vries then' }).click();
    await expect(wizard.getByText(/^This happens on /)).toBeVisible();
    await wizard.getByRole('button', { name: 'Done' }).click();
  };
  await set();
  await page.goto(`/a/${company.id}/users/${ada.member}`);
  await expect(page.getByText(/^Will be deactivated on /)).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('The departure is cancelled. Nothing was changed.')).toBeVisible();
  await expect(page.getByText(/^Will be deactivated on /)).toHaveCount(0);

  await set();
  await test.step('whoever waits for their day can be out at once', async () => {
    const wizard = await depart(page, company, 'Ada Vries', 'Deactivate');
    await expect(wizard.getByText(/^This happens on /)).toBeVisible();
    await wizard.getByRole('button', { name: 'End access now, settle later' }).click();
    await expect(page.getByText('The access of Ada Vries has ended.', { exact: false })).toBeVisible();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByText('Ada Vries is active again.')).toBeVisible();
  });

  await set();
  await page.clock.install();
  await page.goto(`/a/${company.id}/departures`);
  await expect(row(page, 'Ada Vries')).toContainText('Deactivate');
  await page.getByRole('link', { name: 'Ada Vries' }).click();
  const panel = page.getByRole('dialog');
  await expect(panel.getByText(/^This happens on /)).toBeVisible();
  const back = await operator.later(49);
  await expect(async () => {
    expect(await company.call('GET', `/members/${ada.member}`)).toMatchObject({ status: 'inactive' });
  }).toPass();
  await back();
  await page.clock.fastForward(3_600_000);
  await expect(panel.getByRole('link', { name: 'Receipt' }), 'what is looked at goes on by itself').toBeVisible();
  await expect(row(page, 'Ada Vries'), 'and so does the list').toHaveCount(0);
  await page.goto(`/a/${company.id}/departures?tab=applied`);
  await expect(row(page, 'Ada Vries')).toBeVisible();
});

/** Begins a departure from the menu of somebody's row. */
async function depart(page: Page, company: Company, name: string, way: string) {
  await page.goto(`/a/${company.id}/users`);
  await page.getByRole('button', { name: `More about ${name}` }).click();
  await page.getByRole('menuitem', { name: way, exact: true }).click();
  return page.getByRole('dialog', { name: `${way} ${name}` });
}

/** In two days, as a field for date and time takes it; the browser's zone is not this one's. */
function inTwoDays(): string {
  return new Date(Date.now() + 48 * 3_600_000).toISOString().slice(0, 16);
}
