import type { Page } from '@playwright/test';
import { Authenticator } from './authenticator';
import { expect, test } from './stage';
import { row, signIn } from './steps';

// Two-factor as people meet it: their own, that of others, and where an account asks for it.

test('S7: somebody turns two-factor on, and the list shows and finds who has it', async ({ open, found }) => {
  const company = await found('team');
  const member = await company.employ('Mila', 'Vos');
  const page = await open(member);
  await page.goto(`/a/${company.id}/me?tab=security`);
  await page.getByRole('button', { name: 'Set up two-factor' }).click();
  const { app, codes } = await setUp(page);
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page.getByText('Two-factor is on. You are signed out', { exact: false })).toBeVisible();
  await expect(page.getByText('10 recovery codes left')).toBeVisible();

  const theirs = await open();
  await signIn(theirs, member);
  await expect(theirs.getByRole('heading', { name: 'One more step' })).toBeVisible();
  await theirs.getByLabel('Code').fill('000000');
  await theirs.getByRole('button', { name: 'Sign in' }).click();
  await expect(theirs.getByRole('alert')).toHaveText('This code is not right, or was used already.');
  await theirs.getByLabel('Code').fill(app.next());
  await theirs.getByRole('button', { name: 'Sign in' }).click();
  await expect(theirs.getByRole('heading', { name: 'Welcome, Mila' })).toBeVisible();

  const elsewhere = await open();
  await signIn(elsewhere, member);
  await elsewhere.getByRole('button', { name: 'Use a recovery code' }).click();
  await elsewhere.getByLabel('Recovery code').fill(codes[0] ?? '');
  await elsewhere.getByRole('button', { name: 'Sign in' }).click();
  await expect(elsewhere.getByRole('heading', { name: 'Welcome, Mila' })).toBeVisible();
  await elsewhere.goto(`/a/${company.id}/me?tab=security`);
  await expect(elsewhere.getByText('9 recovery codes left')).toBeVisible();

  const owner = await open(company.owner);
  await owner.goto(`/a/${company.id}/users`);
  await expect(row(owner, 'Mila Vos').getByRole('cell', { name: 'On', exact: true })).toBeVisible();
  await expect(row(owner, 'Olga Brandt').getByRole('cell', { name: 'Off', exact: true })).toBeVisible();
  await owner.getByRole('button', { name: 'Filter' }).click();
  await owner.getByRole('dialog', { name: 'Filter' }).getByRole('combobox', { name: 'Two-factor' }).click();
  await owner.getByRole('option', { name: 'On' }).click();
  await expect(row(owner, 'Olga Brandt')).toHaveCount(0);
  await expect(row(owner, 'Mila Vos')).toHaveCount(1);
  await expect(owner).toHaveURL(/mfa=true/);
});

test('an administrator lets somebody past a lost second factor, and learns no secret', async ({
  open,
  found,
  mailbox,
}) => {
  const company = await found('team');
  const member = await company.employ('Mila', 'Vos');
  const theirs = await open(member);
  await theirs.goto(`/a/${company.id}/me?tab=security`);
  await theirs.getByRole('button', { name: 'Set up two-factor' }).click();
  await setUp(theirs);
  await theirs.getByRole('button', { name: 'I have kept them' }).click();

  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/users`);
  await page.getByRole('button', { name: 'More about Mila Vos' }).click();
  await page.getByRole('menuitem', { name: 'Reset two-factor' }).click();
  await page.getByRole('button', { name: 'Mail Mila Vos a code' }).click();
  await expect(page.getByText(`${member.email} was mailed a code.`)).toBeVisible();

  const again = await open();
  await signIn(again, member);
  const { code = '' } = await mailbox.about(member.email, 'Your code to sign in');
  await again.getByLabel('Mailed code').fill(code);
  await again.getByRole('button', { name: 'Sign in' }).click();
  await expect(again.getByRole('heading', { name: 'Welcome, Mila' })).toBeVisible();
  await again.goto(`/a/${company.id}/me?tab=security`);
  await expect(again.getByRole('button', { name: 'Set up two-factor' })).toBeVisible();
  await theirs.reload();
  await expect(theirs, 'other devices are signed out').toHaveURL(/\/sign-in/);
});

test('who has no second factor where an account needs one sets it up, and goes on', async ({ open, found }) => {
  const company = await found('team');
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/settings?tab=rules`);
  await page.getByRole('switch', { name: 'Everybody needs two-factor' }).click({ force: true });
  await expect(page.getByRole('heading', { name: 'Set up two-factor' })).toBeVisible();
  await setUp(page);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('switch', { name: 'Everybody needs two-factor' })).toBeChecked();

  await page.goto(`/a/${company.id}/me?tab=security`);
  await page.getByRole('button', { name: 'Turn off two-factor' }).click();
  const dialog = page.getByRole('dialog', { name: 'Turn off two-factor' });
  await dialog.getByLabel('Code that the app shows').fill('000000');
  await dialog.getByRole('button', { name: 'Turn off two-factor' }).click();
  await expect(dialog.getByRole('alert')).toBeVisible();
});

test('after a while what matters asks who it is, and goes on with what was asked', async ({
  open,
  found,
  operator,
}) => {
  const company = await found('team');
  await company.employ('Mila', 'Vos');
  await company.call('PATCH', '', { policy: { session_idle: 8 * 3600 } });
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/users`);
  await page.getByRole('button', { name: 'More about Mila Vos' }).click();
  const back = await operator.later(1);
  await page.getByRole('menuitem', { name: 'Change role' }).click();
  const change = page.getByRole('dialog', { name: 'Change the role of Mila Vos' });
  await change.getByRole('radio', { name: /^Owner/ }).click();
  await change.getByRole('button', { name: 'Save' }).click();

  const proof = page.getByRole('dialog', { name: 'Confirm that it is you' });
  await proof.getByRole('textbox', { name: 'Current password' }).fill('something else');
  await proof.getByRole('button', { name: 'Confirm and go on' }).click();
  await expect(proof.getByRole('alert')).toHaveText('This is not your password.');
  await page.keyboard.press('Escape');
  await expect(proof).toHaveCount(0);
  await expect(change.getByText('Nothing was done', { exact: false }), 'and nothing is lost').toBeVisible();

  await change.getByRole('button', { name: 'Save' }).click();
  await proof.getByRole('textbox', { name: 'Current password' }).fill(company.owner.password);
  await proof.getByRole('button', { name: 'Confirm and go on' }).click();
  await expect(change).toHaveCount(0);
  await expect(row(page, 'Mila Vos').getByRole('cell', { name: 'Owner' })).toBeVisible();
  await back();
});

/** Scans, confirms, and reads the recovery codes. */
async function setUp(page: Page): Promise<{ app: Authenticator; codes: string[] }> {
  await expect(page.getByRole('img', { name: 'Picture for the authenticator app' })).toBeVisible();
  const key = page.getByText(/^([A-Z2-7]{4} )+[A-Z2-7]{1,4}$/);
  const app = new Authenticator((await key.textContent()) ?? '');
  await page.getByLabel('Code that the app shows').fill(app.next());
  await page.getByRole('button', { name: 'Turn on two-factor' }).click();
  const codes = page.getByRole('list', { name: 'Your recovery codes' }).getByRole('listitem');
  await expect(codes).toHaveCount(10);
  return { app, codes: await codes.allTextContents() };
}
