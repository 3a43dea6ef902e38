import type { Page } from '@playwright/test';
import { type Company, password } from './company';
import { expect, test } from './stage';
import { row } from './steps';

/** Asks the API as a program does, and gives the status and the code of a refusal. */
async function ask(page: Page, key: string, path: string): Promise<string> {
  const headers = { authorization: `Bearer ${key}` };
  const response = await fetch(new URL(path, page.url()), { headers });
  const { code = '' } = (await response.json()) as { code?: string };
  return `${response.status} ${code}`.trim();
}

const keysOf = (company: Company) => `/a/${company.id}/keys`;
const membersOf = (company: Company) => `/v1/accounts/${company.id}/members`;
const eventsOf = (company: Company) => `/v1/accounts/${company.id}/events`;

test('a key is made, shown once, used, made to do less, and revoked', async ({ open, found }) => {
  const company = await found('team');
  const page = await open(company.owner);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(keysOf(company));
  await expect(page.getByText('There are no API keys')).toBeVisible();

  await page.getByRole('button', { name: 'Make a key' }).click();
  const making = page.getByRole('dialog', { name: 'Make a key' });
  await making.getByRole('button', { name: 'Make the key' }).click();
  await expect(making.getByText('Fill this in.')).toBeVisible();
  await expect(making.getByRole('alert')).toContainText('Choose at least one thing');
  await making.getByRole('textbox', { name: 'Name' }).fill('Nightly export');
  await making.getByRole('checkbox', { name: 'See the users' }).check();
  await making.getByRole('checkbox', { name: 'Read the activity' }).check();
  await making.getByRole('button', { name: 'Make the key' }).click();

  // What is shown once goes neither by a click beside it nor by the Escape key, nor unasked with the page.
  const shown = page.getByRole('dialog', { name: 'Nightly export is ready' });
  const key = (await shown.getByLabel('The key').textContent()) ?? '';
  await page.mouse.click(5, 5);
  await page.keyboard.press('Escape');
  expect(await page.evaluate(() => dispatchEvent(new Event('beforeunload', { cancelable: true })))).toBe(false);
  await shown.getByRole('button', { name: 'Copy' }).click();
  await expect(shown.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key);
  await shown.getByRole('button', { name: 'I have stored the key' }).click();
  await expect(shown).toHaveCount(0);
  await expect(row(page, 'Nightly export')).toContainText('Not used yet');
  await expect(row(page, 'Nightly export')).toContainText(key.slice(-4));
  await expect(page.locator('body')).not.toContainText(key);

  expect(await ask(page, key, membersOf(company))).toBe('200');
  expect(await ask(page, key, eventsOf(company))).toBe('200');
  expect(await ask(page, key, `/v1/accounts/${company.id}/invitations`)).toBe('403 forbidden');
  await expect(async () => {
    await page.reload();
    await expect(row(page, 'Nightly export')).toContainText('In use', { timeout: 2_000 });
  }).toPass();

  await page.getByRole('link', { name: 'Nightly export' }).click();
  const panel = page.getByRole('dialog').first();
  await panel.getByRole('textbox', { name: 'Name' }).fill('Weekly export');
  await panel.getByRole('checkbox', { name: 'Read the activity' }).uncheck();
  await panel.getByLabel('When should it end?').selectOption('In 30 days');
  await panel.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('Weekly export is saved.')).toBeVisible();
  await expect(panel.getByRole('checkbox', { name: 'Read the activity' })).toHaveCount(0);
  expect(await ask(page, key, membersOf(company))).toBe('200');
  expect(await ask(page, key, eventsOf(company))).toBe('403 forbidden');

  await panel.getByRole('button', { name: 'Revoke Weekly export' }).click();
  const asking = page.getByRole('dialog', { name: 'Revoke Weekly export' });
  await asking.getByRole('button', { name: 'Cancel' }).press('Escape');
  await expect(asking).toHaveCount(0);
  await expect(panel, 'the panel under it stays').toBeVisible();
  await panel.getByRole('button', { name: 'Revoke Weekly export' }).click();
  await expect(asking).toContainText('is refused from its next request on');
  await asking.getByRole('button', { name: 'Revoke Weekly export' }).click();
  await expect(page.getByText('Weekly export is revoked.', { exact: false })).toBeVisible();
  await expect(page.getByText('There are no API keys')).toBeVisible();
  expect(await ask(page, key, membersOf(company))).toBe('401 unauthenticated');
});

test('a key does what its maker may do today, and its screens say so', async ({ open, found }) => {
  const company = await found('team');
  const rights = ['keys.manage', 'members.read', 'events.read'];
  await company.call('POST', '/roles', { name: 'Maker', rank: 20, permissions: rights });
  const mila = await company.employ('Mila', 'Vos', { role: 'maker' });
  const page = await open(mila);
  await page.goto(keysOf(company));
  await expect(page.getByText('You have no API keys')).toBeVisible();
  await expect(page.getByRole('tab', { name: "Everybody's keys" })).toHaveCount(0);

  // What one may not do oneself is not offered.
  await page.getByRole('button', { name: 'Make a key' }).click();
  const making = page.getByRole('dialog', { name: 'Make a key' });
  await making.getByRole('textbox', { name: 'Name' }).fill('Wall board');
  await expect(making.getByRole('checkbox')).toHaveCount(rights.length);
  await making.getByRole('checkbox', { name: 'See the users' }).check();
  await making.getByRole('checkbox', { name: 'Read the activity' }).check();
  await making.getByLabel('How long should it work?').selectOption('Without an end');
  await making.getByRole('button', { name: 'Make the key' }).click();
  const shown = page.getByRole('dialog', { name: 'Wall board is ready' });
  const key = (await shown.getByLabel('The key').textContent()) ?? '';
  await shown.getByRole('button', { name: 'I have stored the key' }).click();
  expect(await ask(page, key, eventsOf(company))).toBe('200');

  await company.call('PATCH', '/roles/maker', { permissions: ['members.read', 'keys.manage'] });
  expect(await ask(page, key, membersOf(company))).toBe('200');
  expect(await ask(page, key, eventsOf(company))).toBe('403 forbidden');
  const owner = await open(company.owner);
  await owner.goto(keysOf(company));
  await expect(row(owner, 'Wall board')).toContainText('Mila Vos');
  await expect(row(owner, 'Wall board')).toContainText('May less now');
  await owner.getByRole('link', { name: 'Wall board' }).click();
  await expect(owner.getByText('The role of Mila Vos no longer allows: read the activity.')).toBeVisible();
  await owner.goto(`${keysOf(company)}?tab=mine`);
  await expect(owner.getByText('You have no API keys')).toBeVisible();

  // In the panel of whoever made it, and among what ends when they leave.
  await owner.goto(`/a/${company.id}/users/${mila.member}?view=keys`);
  const panel = owner.getByRole('dialog').first();
  await expect(panel.getByRole('tab', { name: 'API keys 1' })).toBeVisible();
  await expect(panel.getByRole('link', { name: 'Wall board' })).toBeVisible();
  await panel.getByRole('tab', { name: 'Details' }).click();
  await panel.getByRole('button', { name: 'Deactivate', exact: true }).click();
  const wizard = owner.getByRole('dialog', { name: 'Deactivate Mila Vos' });
  await expect(wizard.getByText('1 API key ends.')).toBeVisible();
  await wizard.getByRole('button', { name: 'Deactivate Mila Vos' }).click();
  await expect(wizard.getByText('1 API key ended.')).toBeVisible();
  expect(await ask(page, key, membersOf(company))).toBe('401 unauthenticated');
});

test('making a key asks again who it is, and a refusal loses nothing that was typed', async ({
  open,
  found,
  operator,
}) => {
  const company = await found('team');
  await company.call('PATCH', '', { policy: { session_idle: 8 * 3600 } });
  const page = await open(company.owner);
  await page.goto(keysOf(company));
  const back = await operator.later(0.75);
  await page.getByRole('button', { name: 'Make a key' }).click();
  const making = page.getByRole('dialog', { name: 'Make a key' });
  await making.getByRole('textbox', { name: 'Name' }).fill('Export');
  await making.getByRole('checkbox', { name: 'See the users' }).check();
  await making.getByRole('button', { name: 'Make the key' }).click();
  const proof = page.getByRole('dialog', { name: 'Confirm that it is you' });
  await proof.getByRole('button', { name: 'Cancel' }).click();
  await expect(making.getByRole('alert')).toContainText('Nothing was done');
  await expect(making.getByRole('textbox', { name: 'Name' })).toHaveValue('Export');
  await making.getByRole('button', { name: 'Make the key' }).click();
  await proof.getByRole('textbox', { name: 'Current password' }).fill(password);
  await proof.getByRole('button', { name: 'Confirm and go on' }).click();
  await page.getByRole('button', { name: 'I have stored the key' }).click();
  await expect(row(page, 'Export')).toBeVisible();
  await back();
});

test('a key that somebody else changed meanwhile is not written over, and the page is found by the palette', async ({
  open,
  found,
}) => {
  const company = await found('team');
  const token = await company.token(company.owner);
  const made = await company.call<{ id: string }>(
    'POST',
    '/api-keys',
    { name: 'Export', permissions: ['members.read', 'events.read'] },
    token,
  );
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/users`);
  await page.getByRole('button', { name: 'Find a person or a page' }).click();
  await page.getByRole('textbox', { name: 'Find a person or a page' }).fill('API keys');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/keys$/);
  await page.getByRole('link', { name: 'Export' }).focus();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog').first();
  await panel.getByRole('textbox', { name: 'Name' }).fill('Mine');
  await company.call('PATCH', `/api-keys/${made.id}`, { permissions: ['members.read'] }, token);
  await panel.getByRole('button', { name: 'Save changes' }).click();
  await expect(panel.getByRole('alert')).toContainText('Somebody else changed this meanwhile.');
  await panel.getByRole('button', { name: 'Show the newer version' }).click();
  await expect(panel.getByRole('textbox', { name: 'Name' })).toHaveValue('Export');
  await expect(panel.getByRole('checkbox', { name: 'Read the activity' })).toHaveCount(0);
});
