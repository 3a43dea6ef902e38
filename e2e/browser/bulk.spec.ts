import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import type { Company } from './company';
import { linkTo } from './mailbox';
import { expect, test } from './stage';
import { row } from './steps';

test('several users get another role at once, and who cannot is named', async ({ open, found }) => {
  const company = await found('team');
  await company.employ('Mila', 'Vos');
  await company.employ('Oscar', 'Baars');
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/users`);
  await select(page, 'Mila Vos', 'Oscar Baars');
  await act(page, 'Change role');
  const dialog = page.getByRole('dialog', { name: 'Change the role of 2 users' });
  await dialog.getByRole('radio', { name: /^Owner/ }).click();
  await dialog.getByRole('button', { name: 'Save for 2 users' }).click();
  await expect(page.getByText('2 users are now Owner.')).toBeVisible();
  await expect(row(page, 'Mila Vos')).toContainText('Owner');
  await expect(row(page, 'Oscar Baars')).toContainText('Owner');

  await page.reload();
  await page.getByRole('checkbox', { name: 'Select all that are shown' }).check();
  await act(page, 'Change role');
  const all = page.getByRole('dialog', { name: 'Change the role of 3 users' });
  await all.getByRole('radio', { name: /^Member/ }).click();
  await all.getByRole('button', { name: 'Save for 3 users' }).click();
  await expect(all.getByRole('alert')).toContainText('1 user stayed as they were');
  await expect(all.getByRole('alert')).toContainText('Give another person the role first.');

  await test.step('a next page that is refused says why, and comes when it is asked for again', async () => {
    let refusals = 0;
    let broken = true;
    await page.route(/\/members\?/, (route) => {
      const url = new URL(route.request().url());
      url.searchParams.set('limit', '1');
      if (!broken || !url.searchParams.has('cursor')) return route.continue({ url: url.href });
      refusals += 1;
      return route.fulfill({ status: 500, contentType: 'application/problem+json', json: { code: 'internal' } });
    });
    await page.reload();
    await expect(page.getByRole('alert')).toHaveText(
      'Something went wrong on our side. Try again; nothing was changed.',
    );
    broken = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.locator('tr[data-row]')).toHaveCount(3);
    expect(refusals, 'asked for once').toBe(1);
  });
});

test('several invitations are sent again or withdrawn at once', async ({ open, found, mailbox }) => {
  const company = await found('portal');
  const [ada, bo] = [company.address('ada'), company.address('bo')];
  const first = await company.invite(ada, { modules: ['Inbox'] });
  await company.invite(bo, { modules: ['Inbox'] });
  const before = await mailbox.next(ada);
  const cem = company.address('cem');
  await company.invite(cem, { modules: ['Inbox'] });
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/users?tab=pending`);
  await select(page, ada, bo, cem);
  await withdraw(company, cem);
  await act(page, 'Resend');
  await expect(page.getByText('2 invitations are sent again.')).toBeVisible();
  await expect(page.getByText(`${cem}: This invitation is no longer open.`), 'who was refused, and why').toBeVisible();
  expect(linkTo('invitation', await mailbox.next(ada, before))).not.toBe(first);

  await select(page, ada, bo);
  const csv = await saved(page, () => act(page, 'Export CSV'));
  expect(csv).toContain(`\n${ada},user,pending,Olga Brandt,`);
  await act(page, 'Remove');
  const asked = page.getByRole('dialog', { name: 'Remove 2 invitations' });
  await asked.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('checkbox', { name: `Select ${bo}` }), 'nothing is lost by asking').toBeChecked();
  await act(page, 'Remove');
  await asked.getByRole('button', { name: 'Remove 2 invitations' }).click();
  await expect(page.getByText('2 invitations are withdrawn.')).toBeVisible();
  await expect(page.getByText('No open invitations')).toBeVisible();
});

test('the chosen, or the list as it is narrowed, are taken along as CSV', async ({ open, found }) => {
  const company = await found('portal');
  const anna = await company.employ('Anna', '=1+1', { modules: ['Inbox', 'Reports'] });
  await company.employ('Bart', 'Bos', { modules: ['Inbox'] });
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/users`);
  await select(page, 'Anna =1+1');
  const chosen = await saved(page, () => act(page, 'Export CSV'));
  const [head, line, ...others] = chosen.replace(/^\uFEFF/, '').split('\r\n');
  expect(head).toContain('id,email,first_name,last_name');
  expect(line, 'no cell is a formula').toContain(`${anna.email},Anna,'=1+1,`);
  expect(line).toContain('Inbox; Reports');
  expect(others).toEqual([]);

  await page.goto(`/a/${company.id}/users?q=bart`);
  await expect(row(page, 'Bart Bos')).toBeVisible();
  await page.getByRole('button', { name: 'More about this list' }).click();
  const whole = await saved(page, () => page.getByRole('menuitem', { name: 'Export this list as CSV' }).click());
  expect(whole).toContain('Bos');
  expect(whole).not.toContain(anna.email);
});

/** A colleague takes an invitation back. */
async function withdraw(company: Company, email: string): Promise<void> {
  const { items } = await company.call<{ items: { id: string }[] }>('GET', `/invitations?status=pending&q=${email}`);
  await company.call('DELETE', `/invitations/${items[0]?.id}`);
}

async function select(page: Page, ...names: string[]): Promise<void> {
  for (const name of names) await page.getByRole('checkbox', { name: `Select ${name}` }).check();
}

/** One of the buttons that came up with the selection. */
const act = (page: Page, move: string) =>
  page.getByLabel('With the selected').getByRole('button', { name: move, exact: true }).click();

/** What is in the file that the browser is given. */
async function saved(page: Page, take: () => Promise<void>): Promise<string> {
  const download = page.waitForEvent('download');
  await take();
  return readFile(await (await download).path(), 'utf8');
}
