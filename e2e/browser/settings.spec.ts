import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import type { Company } from './company';
import { expect, test } from './stage';

test('what is set for the account holds at once and can be undone', async ({ open, found }) => {
  const company = await found('portal');
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/settings`);
  await page.getByLabel('Name of the account').fill('Ocean Calls');
  await page.getByRole('button', { name: 'Rename' }).click();
  await expect(page.getByText('The account is called Ocean Calls now.')).toBeVisible();
  await expect(page.getByRole('banner')).toContainText('Ocean Calls');

  await page.getByRole('tab', { name: 'Sub-accounts' }).click();
  await page.getByRole('button', { name: 'Add a sub-account' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a sub-account' });
  await dialog.getByLabel('Name of the sub-account').fill('Rotterdam');
  await dialog.getByRole('button', { name: 'Add a sub-account' }).click();
  await expect(page.getByText('Rotterdam is added.')).toBeVisible();
  await test.step('nothing is written over what somebody else changed meanwhile', () =>
    changedMeanwhile(page, company));

  await page.getByRole('tab', { name: 'Rules' }).click();
  await page.getByLabel('An invitation is valid for').selectOption('2 days');
  await expect(page.getByText('The rule is changed and holds from now on.')).toBeVisible();
  await twoDomains(page, company);

  await page.getByRole('link', { name: 'User Management' }).click();
  await page.getByRole('button', { name: 'Invite users' }).click();
  const invite = page.getByRole('dialog');
  await invite.getByRole('textbox', { name: 'E-mail addresses' }).fill('somebody@elsewhere.example');
  await page.keyboard.press('Enter');
  await expect(invite.getByRole('status')).toContainText('has a domain that this account does not take');
  await invite.getByRole('button', { name: 'Remove it' }).click();
  await invite.getByRole('textbox', { name: 'E-mail addresses' }).fill('somebody@ocean.example');
  await invite.getByRole('button', { name: 'Set Permission' }).click();
  await invite.getByRole('checkbox', { name: 'Inbox' }).check();
  await invite.getByRole('checkbox', { name: 'Rotterdam' }).check();
  await invite.getByRole('button', { name: 'Send Invites' }).click();
  await invite.getByRole('button', { name: 'Done' }).click();
  const sent = page.getByRole('row').filter({ hasText: 'somebody@ocean.example' });
  await expect(sent).toContainText('in 2 days');
});

test('the activity shows what happens while it is looked at, also after a break', async ({ open, found }) => {
  const company = await found('portal');
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/activity?action=sub_account.`);
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  const events = page.getByRole('main').getByRole('listitem');
  await expect(events).toHaveCount(0);
  await company.addSubAccounts('Rotterdam');
  await expect(events).toHaveText([/added the sub-account Rotterdam/]);

  await page.route(/events\/stream/, (route) => route.abort('connectionfailed'));
  await page.reload();
  await expect(page.getByText('Connecting')).toBeVisible();
  await expect(events).toHaveText([/Rotterdam/]);
  await company.addSubAccounts('Antwerp');
  await page.unroute(/events\/stream/);
  await expect(events).toHaveText([/Antwerp/, /Rotterdam/]);
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  await company.employ('Jette', 'Krog', { modules: ['Inbox'] });
  await company.addSubAccounts('Hamburg');
  await expect(events, 'the filter holds for what comes, too').toHaveText([/Hamburg/, /Antwerp/, /Rotterdam/]);
});

test('the activity is exported as it is narrowed', async ({ open, found }) => {
  const company = await found('portal');
  await company.addSubAccounts('Rotterdam', '=1+1');
  const page = await open(company.owner);
  // A link that somebody wrote wrongly: what is no day narrows nothing.
  await page.goto(`/a/${company.id}/activity?action=sub_account.&since=yesterday`);
  const csv = await exported(page, 'CSV, for a spreadsheet');
  expect(csv.trim().split('\r\n')).toHaveLength(3);
  expect(csv, 'no cell is a formula').toContain("'=1+1");
  const lines = (await exported(page, 'NDJSON, for programs')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).action)).toEqual(['sub_account.create', 'sub_account.create']);
});

test('a change names the people and things it is about, also those that are gone', async ({ open, found }) => {
  const company = await found('portal');
  const user = await company.employ('Jette', 'Krog', { modules: ['Inbox'] });
  const { items } = await company.call<{ items: { id: string; name: string }[] }>('GET', '/modules');
  const reports = items.find(({ name }) => name === 'Reports')?.id ?? '';
  await company.call('PATCH', `/members/${user.member}`, { modules: [reports] });
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/activity?subject=${user.member}`);
  await expect(page.getByText('Jette Krog got a place in this account')).toBeVisible();
  await page.getByRole('button', { name: 'The operator changed Jette Krog' }).click();
  await expect(page.getByRole('row', { name: 'Modules Inbox Reports' })).toBeVisible();
  await page.getByRole('button', { name: 'Jette Krog got a place' }).click();

  await company.call('PATCH', `/members/${user.member}`, { modules: items.slice(0, 1).map(({ id }) => id) });
  await company.call('DELETE', `/modules/${reports}`);
  await page.reload();
  await page.getByRole('button', { name: 'The operator changed Jette Krog' }).last().click();
  await expect(page.getByRole('row', { name: 'Modules Inbox a module that is gone' })).toBeVisible();

  const plan = await company.call<{ id: string }>('POST', '/departures', {
    members: [user.member],
    kind: 'deactivate',
  });
  const decisions = { resources: { default: { to: company.owner.member } } };
  await company.call('PATCH', `/departures/${plan.id}`, { decisions });
  await page.goto(`/a/${company.id}/activity?action=departure.`);
  await page.getByRole('button', { name: 'The operator decided about' }).click();
  await expect(page.getByRole('row', { name: 'Resources' })).toContainText('Unless said otherwise: To: Olga Brandt');
  for (const raw of [/mod_/, /mem_/, /usr_/]) await expect(page.getByText(raw)).toHaveCount(0);
});

test('the activity tells who did what, and narrows to one person', async ({ open, found }) => {
  const company = await found('portal');
  const colleague = await company.employ('Jette', 'Krog', { modules: ['Inbox'] });
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/users/${colleague.member}`);
  await page.getByLabel('Job title').fill('Night editor');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('Jette Krog is saved.')).toBeVisible();

  await page.goto(`/a/${company.id}/activity`);
  const events = page.getByRole('main').getByRole('listitem');
  await events.getByRole('button', { name: 'Olga Brandt changed Jette Krog' }).click();
  await expect(page.getByText('Night editor')).toBeVisible();
  await page.getByRole('combobox', { name: 'Who', exact: true }).fill('Jette');
  await page.getByRole('option', { name: /Jette Krog/ }).click();
  await expect(events.filter({ hasText: 'Olga Brandt' })).toHaveCount(0);
  await expect(events.filter({ hasText: 'Jette Krog' }).first()).toBeVisible();
});

/** What is in the file that an entry of the export menu gives. */
async function exported(page: Page, entry: string): Promise<string> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: entry }).click();
  return readFile(await (await download).path(), 'utf8');
}

/** Renames, switches and deletes what is no longer as it is shown: each is refused, and the newer one comes. */
async function changedMeanwhile(page: Page, company: Company): Promise<void> {
  const { items: parts } = await company.call<{ items: { id: string }[] }>('GET', '/sub-accounts');
  const part = `/sub-accounts/${parts[0]?.id}`;
  await page.getByRole('button', { name: 'More for Rotterdam' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  const renaming = page.getByRole('dialog');
  await company.call('PATCH', part, { name: 'Rotterdam harbour' });
  await renaming.getByLabel('Name of the sub-account').fill('Rotterdam quay');
  await renaming.getByRole('button', { name: 'Rename' }).click();
  await expect(renaming.getByRole('alert')).toContainText('Somebody else changed this meanwhile.');
  await renaming.getByRole('button', { name: 'Show the newer version' }).click();
  await expect(renaming.getByLabel('Name of the sub-account')).toHaveValue('Rotterdam harbour');
  await renaming.getByRole('button', { name: 'Cancel' }).click();
  await company.call('PATCH', part, { name: 'Rotterdam' });
  await page.getByRole('button', { name: 'More for Rotterdam harbour' }).click();
  await page.getByRole('menuitem', { name: 'Delete Rotterdam harbour' }).click();
  const refused = page.getByRole('alert').filter({ hasText: 'Somebody else changed this meanwhile.' });
  await expect(refused).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'More for Rotterdam', exact: true })).toBeVisible();

  await page.getByRole('tab', { name: 'Modules' }).click();
  const switched = page.getByRole('switch', { name: /Reports/ });
  await expect(switched).not.toBeChecked();
  const { items: modules } = await company.call<{ items: { id: string; name: string }[] }>('GET', '/modules');
  const reports = modules.find(({ name }) => name === 'Reports');
  await company.call('PATCH', `/modules/${reports?.id}`, { name: 'Figures' });
  await switched.click();
  await expect(refused).toHaveCount(2);
  await expect(page.getByRole('switch', { name: /Figures/ }), 'it is as it was').not.toBeChecked();
}

/** Enters a second domain before the server has answered to the first: both are kept. */
async function twoDomains(page: Page, company: Company): Promise<void> {
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const changes = /\/v1\/accounts\/[^/]+$/;
  await page.route(changes, async (route) => {
    await held;
    await route.continue();
  });
  const domains = page.getByRole('combobox', { name: 'Only addresses at these domains may be invited' });
  for (const domain of ['ocean.example', 'sea.example']) {
    await domains.fill(domain);
    await page.keyboard.press('Enter');
    await expect(page.getByText(domain, { exact: true }), 'shown at once').toBeVisible();
  }
  answer();
  await expect(page.getByText('The rule is changed and holds from now on.').nth(2)).toBeVisible();
  await page.unroute(changes);
  expect(await company.call('GET', '')).toMatchObject({ policy: { email_domains: ['ocean.example', 'sea.example'] } });
}
