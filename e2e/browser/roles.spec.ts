import type { Page } from '@playwright/test';
import { expect, test } from './stage';
import { row } from './steps';

test('an administrator makes a role, gives it, and everybody who has it may more at their next click', async ({
  open,
  found,
}) => {
  const company = await found('team');
  const member = await company.employ('Mila', 'Vos');
  const theirs = await open(member);
  await theirs.goto(`/a/${company.id}/home`);

  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/roles`);
  await page.getByRole('button', { name: 'Add a role' }).click();
  const panel = page.getByRole('dialog').first();
  await panel.getByLabel('Name of the role').fill('Member');
  await panel.getByRole('button', { name: 'Create the role' }).click();
  await expect(panel.getByText('There is already a role like this.')).toBeVisible();
  await panel.getByLabel('Name of the role').fill('Front desk');
  await panel.getByLabel('Rank').fill('20');
  await panel.getByRole('checkbox', { name: 'See the users' }).check();
  await panel.getByRole('button', { name: 'Create the role' }).click();
  await expect(page.getByText('Front desk is there.', { exact: false })).toBeVisible();
  await expect(panel).toHaveCount(0);
  await expect(cell(page, 'See the users', 'Front desk').getByRole('img')).toHaveAccessibleName('Yes');
  await expect(cell(page, 'Invite users', 'Front desk').getByRole('img')).toHaveAccessibleName('No');

  await page.goto(`/a/${company.id}/users`);
  await page.getByRole('button', { name: 'More about Mila Vos' }).click();
  await page.getByRole('menuitem', { name: 'Change role' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change the role of Mila Vos' });
  await expect(dialog.getByText('Works with everything. May also: see the users.')).toBeVisible();
  await dialog.getByRole('radio', { name: /^Front desk/ }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(row(page, 'Mila Vos')).toContainText('Front desk');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Mila Vos is as before.')).toBeVisible();
  await expect(row(page, 'Mila Vos')).not.toContainText('Front desk');
  await company.call('PATCH', `/members/${member.member}`, { role: 'front_desk' });
  await theirs.reload();
  await theirs.getByRole('button', { name: /your menu/ }).click();
  await expect(theirs.getByRole('menuitem', { name: 'Manage team' })).toBeVisible();

  await page.goto(`/a/${company.id}/roles`);
  await page.getByRole('link', { name: 'Front desk' }).click();
  await panel.getByRole('checkbox', { name: 'Invite users' }).check();
  await panel.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('Front desk is saved, for everybody who has it.')).toBeVisible();
  await theirs.goto(`/a/${company.id}/users`);
  await expect(theirs.getByRole('button', { name: 'Invite user' })).toBeVisible();
});

test('a role that somebody has says who, and one that nobody has is deleted', async ({ open, found }) => {
  const company = await found('team');
  await company.call('POST', '/roles', { name: 'Front desk' });
  await company.call('POST', '/roles', { name: 'Spare' });
  const member = await company.employ('Mila', 'Vos', { role: 'front_desk' });
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/roles`);
  await page.getByRole('link', { name: 'Spare' }).click();
  const panel = page.getByRole('dialog').first();
  await panel.getByRole('button', { name: 'Delete this role' }).click();
  await page.getByRole('dialog', { name: 'Delete Spare' }).getByRole('button', { name: 'Delete Spare' }).click();
  await expect(page.getByText('Spare is deleted.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Spare' })).toHaveCount(0);

  await page.getByRole('link', { name: 'Front desk' }).click();
  await expect(panel.getByText('1 person has this role.')).toBeVisible();
  await expect(panel.getByRole('button', { name: 'Delete this role' })).toHaveCount(0);
  await panel.getByRole('link', { name: 'Show who has it' }).click();
  await expect(row(page, member.email)).toBeVisible();
  await expect(row(page, company.owner.email)).toHaveCount(0);
});

test('a role that somebody else changed meanwhile is not written over', async ({ open, found }) => {
  const company = await found('team');
  await company.call('POST', '/roles', { name: 'Front desk' });
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/roles/front_desk`);
  const panel = page.getByRole('dialog').first();
  await panel.getByLabel('Name of the role').fill('Reception');
  await company.call('PATCH', '/roles/front_desk', { rank: 30 });
  await panel.getByRole('button', { name: 'Save changes' }).click();
  await expect(panel.getByRole('alert')).toContainText('Somebody else changed this meanwhile.');
  await panel.getByRole('button', { name: 'Show the newer version' }).click();
  await expect(panel.getByLabel('Rank')).toHaveValue('30');
  await expect(panel.getByLabel('Name of the role')).toHaveValue('Front desk');
});

/** The cell of the matrix where a permission and a role meet. */
const cell = (page: Page, permission: string, role: string) =>
  page
    .getByRole('row', { name: new RegExp(`^${permission}`) })
    .getByRole('cell')
    .nth(['Owner', 'Front desk', 'Member'].indexOf(role));
