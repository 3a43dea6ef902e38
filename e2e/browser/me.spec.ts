import { password } from './company';
import { linkTo } from './mailbox';
import { expect, test } from './stage';
import { signIn } from './steps';

const another = 'a different walk to work';

test('a forgotten password is set anew by a mailed link, and every session ends', async ({ open, found, mailbox }) => {
  const company = await found('portal');
  const person = await company.employ('Hugo', 'Lam', { modules: ['Inbox'] });
  const elsewhere = await open(person);
  await elsewhere.goto(`/a/${company.id}`);
  await expect(elsewhere.getByRole('heading', { name: 'Welcome, Hugo' })).toBeVisible();

  const page = await open();
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await expect(page.getByRole('heading', { name: 'Forgot your password?' })).toBeVisible();
  await page.getByLabel('E-mail address').fill(person.email);
  await page.getByRole('button', { name: 'Mail me a link' }).click();
  await expect(page.getByRole('heading', { name: 'Check your mailbox' })).toBeVisible();
  const link = await mailbox.link('reset', person.email);
  await page.goto(link);
  await page.getByRole('textbox', { name: 'Password' }).fill('password1234567');
  await page.getByRole('button', { name: 'Set the new password' }).click();
  await expect(page.getByRole('alert')).toContainText('This is easy to guess.');
  await page.getByRole('textbox', { name: 'Password' }).fill(another);
  await page.getByRole('button', { name: 'Set the new password' }).click();
  await expect(page.getByText('Your password is changed.', { exact: false })).toBeVisible();
  await signIn(page, { ...person, password: another });
  await expect(page.getByRole('heading', { name: 'Welcome, Hugo' })).toBeVisible();

  await elsewhere.reload();
  await expect(elsewhere).toHaveURL(/\/sign-in/);
  const again = await open();
  await again.goto(link);
  await again.getByRole('textbox', { name: 'Password' }).fill(password);
  await again.getByRole('button', { name: 'Set the new password' }).click();
  await expect(again.getByText('This link has been used already.')).toBeVisible();
});

test('a device can be signed out from another one', async ({ open, found }) => {
  const company = await found('portal');
  const lost = await open(company.owner, { userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0' });
  await lost.goto(`/a/${company.id}/users`);
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/me?tab=security`);
  await expect(page.getByText('This device')).toBeVisible();
  await page.getByRole('button', { name: 'End Firefox on Linux' }).click();
  await expect(page.getByText('Firefox on Linux is signed out.')).toBeVisible();
  await lost.getByRole('tab', { name: /Pending/ }).click();
  await expect(lost).toHaveURL(/\/sign-in/);
  await page.reload();
  await expect(page.getByText('This device')).toBeVisible();
});

test('a new address counts once it is confirmed from its own mailbox', async ({ open, found, mailbox }) => {
  const company = await found('portal');
  const { owner } = company;
  const wanted = company.address('olga.new');
  const page = await open(owner);
  await page.goto(`/a/${company.id}/me?tab=security`);
  await page.getByLabel('New e-mail address').fill(wanted);
  const form = page.locator('form', { has: page.getByRole('button', { name: 'Change e-mail address' }) });
  await form.getByRole('textbox', { name: 'Current password' }).fill(owner.password);
  await form.getByRole('button', { name: 'Change e-mail address' }).click();
  await expect(page.getByText(`We sent a link to ${wanted}.`, { exact: false })).toBeVisible();

  await page.goto(linkTo('confirm', await mailbox.next(wanted)));
  await page.getByRole('button', { name: 'Confirm this address' }).click();
  await expect(page.getByText('Your e-mail address is confirmed.', { exact: false })).toBeVisible();
  await signIn(page, { ...owner, email: wanted });
  await expect(page.getByRole('heading', { name: 'User Management' })).toBeVisible();
  expect((await mailbox.about(owner.email, 'Your address has been changed')).text, 'the old mailbox is told').toContain(
    wanted.slice(-12),
  );
});

test('who has several places chooses one, and switches later', async ({ open, found }) => {
  const [team, portal] = [await found('team'), await found('portal')];
  const link = await portal.invite(team.owner.email, { modules: ['Inbox'] });
  const page = await open(team.owner);
  await page.goto(link);
  await page.getByRole('button', { name: 'Join Ocean Messaging' }).click();
  await expect(page.getByText('Your role in Ocean Messaging is User.')).toBeVisible();

  const fresh = await open();
  await signIn(fresh, team.owner);
  await expect(fresh.getByRole('heading', { name: 'Choose an account' })).toBeVisible();
  await fresh.getByRole('button', { name: 'Harbour Press' }).click();
  await expect(fresh.getByText('Your role in Harbour Press is Owner.')).toBeVisible();
  await test.step('no way out goes unasked over what is half written', async () => {
    await fresh.getByRole('button', { name: /your menu/ }).click();
    await fresh.getByRole('menuitem', { name: 'My profile' }).click();
    await fresh.getByLabel('First name').fill('Half');
    const asked = fresh.getByRole('dialog', { name: 'Leave without saving?' });
    await fresh.getByRole('button', { name: /your menu/ }).click();
    await fresh.getByRole('menuitem', { name: 'Security' }).click();
    await asked.getByRole('button', { name: 'Keep editing' }).click();
    await fresh.getByRole('tab', { name: 'Security' }).click();
    await asked.getByRole('button', { name: 'Keep editing' }).click();
    await expect(fresh.getByLabel('First name')).toHaveValue('Half');
    await fresh.getByRole('button', { name: /Harbour Press.*switch account/ }).click();
    await fresh.getByRole('menuitem', { name: 'Ocean Messaging' }).click();
    await asked.getByRole('button', { name: 'Leave without saving' }).click();
  });
  await expect(fresh.getByText('Your role in Ocean Messaging is User.')).toBeVisible();

  await fresh.route('**/v1/sign-out', (route) => route.abort('connectionfailed'));
  await fresh.getByRole('button', { name: /your menu/ }).click();
  await fresh.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(fresh.getByRole('alert'), 'nobody believes they are out').toContainText('cannot be reached');
});
