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

  await page.getByRole('tab', { name: 'Rules' }).click();
  await page.getByLabel('An invitation is valid for').selectOption('2 days');
  await expect(page.getByText('The rule is changed and holds from now on.')).toBeVisible();
  await page.getByRole('combobox', { name: 'Only addresses at these domains may be invited' }).fill('ocean.example');
  await page.keyboard.press('Enter');
  await expect(page.getByText('The rule is changed and holds from now on.').nth(1)).toBeVisible();

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
