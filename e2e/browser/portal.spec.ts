import type { Page } from '@playwright/test';
import { type Company, type Person, password, Refusal } from './company';
import { linkTo } from './mailbox';
import { expect, test } from './stage';
import { entries, fillIn, join, row, signIn } from './steps';

// "How do I manage users under my account?", walked as the page tells it.

test('W1: who creates the account is its administrator', async ({ open, mailbox }) => {
  const email = `wilma.sterk@${crypto.randomUUID().slice(0, 8)}.example.com`;
  const page = await open();
  await page.goto('/sign-up');
  await page.getByLabel('Company name').fill('Ocean Messaging');
  await page.getByLabel('What will you use it for?').selectOption('A portal with modules and sub-accounts');
  await page.getByLabel('First name').fill('Wilma');
  await page.getByLabel('Last name').fill('Sterk');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('heading', { name: 'Check your mailbox' })).toBeVisible();

  await page.goto(linkTo('sign-up', await mailbox.next(email)));
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Create my account' }).click();

  await expect(page.getByRole('heading', { name: 'User Management' })).toBeVisible();
  await expect(row(page, email)).toContainText('Administrator');
  await expect(page.getByRole('button', { name: 'Invite users' })).toBeVisible();
});

test('W2: any number of addresses are invited at once', async ({ open, found, mailbox }) => {
  const company = await found('portal');
  const page = await open();
  await signIn(page, company.owner);
  await page.getByRole('navigation').getByRole('link', { name: 'User Management' }).click();
  await expect(page.getByText('Configuration', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Invite users' }).click();

  const dialog = page.getByRole('dialog');
  const [anna, bram, cleo, daan] = ['anna', 'bram', 'cleo', 'daan'].map((name) => company.address(name));
  await addresses(page).fill(`${anna}, Bram de Wit <${bram}>; ${cleo} not an address`);
  await addresses(page).press('Enter');
  // Dropped beside the field: the browser would open the file instead of this page.
  await drop(page, 'nobody.csv', 'name;town\n');
  await expect(dialog.getByRole('alert')).toHaveText('No address was found in nobody.csv.');
  await drop(page, 'people.csv', `name;email\nDaan;${daan}\n`);
  await expect(dialog.getByText('3 addresses ready')).toBeVisible();
  await expect(dialog.getByRole('status')).toContainText('has a space in it');
  await expect(dialog.getByRole('button', { name: 'Set Permission' })).toBeDisabled();
  await dialog.getByRole('button', { name: 'Remove it' }).click();
  await addresses(page).fill(cleo ?? '');
  await addresses(page).press('Enter');

  await dialog.getByRole('button', { name: 'Set Permission' }).click();
  await dialog.getByRole('checkbox', { name: 'Inbox' }).check();
  await dialog.getByRole('button', { name: 'Send Invites' }).click();
  await expect(dialog.getByText('4 invitations are on their way.')).toBeVisible();
  for (const email of [anna, bram, cleo, daan]) {
    expect((await mailbox.next(email ?? '')).subject).toContain('Ocean Messaging');
  }
});

test('W3: Set Permission gives type, modules and sub-accounts before sending', async ({ open, found, mailbox }) => {
  const company = await found('portal');
  await company.addSubAccounts('Rotterdam', 'Antwerp');
  const email = company.address('sven.dahl');
  const page = await open(company.owner);
  const dialog = await setPermission(page, company, email);

  const type = dialog.getByRole('radiogroup', { name: 'Type' });
  await expect(type.getByRole('radio', { name: /^User/ })).toBeChecked();
  await dialog.getByRole('button', { name: 'Send Invites' }).click();
  await expect(dialog.getByText('Choose at least one module.')).toBeVisible();
  await dialog.getByRole('checkbox', { name: 'Campaigns' }).check();
  await dialog.getByRole('checkbox', { name: 'Reports' }).check();
  await dialog.getByRole('checkbox', { name: 'Antwerp' }).check();
  await dialog.getByLabel('Personal message').fill('Welcome aboard.');
  await dialog.getByRole('button', { name: 'Send Invites' }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();

  const mail = await mailbox.next(email);
  expect(mail.text).toContain('Welcome aboard.');
  const invited = await open();
  await join(invited, linkTo('invitation', mail), 'Sven', 'Dahl');
  await expect(entries(invited, 'What you can open')).toHaveText(['Campaigns', 'Reports']);
  await expect(entries(invited, 'Sub-accounts you reach')).toHaveText(['Antwerp']);
});

test('W4: Pricing, Payment and User Management cannot be given to a User', async ({ open, found }) => {
  const company = await found('portal');
  const user = await company.employ('Ute', 'Frank', { modules: ['Dashboard'] });
  const page = await open(company.owner);
  const dialog = await setPermission(page, company, company.address('new'));
  for (const module of ['Pricing', 'Payment', 'User Management']) {
    await expect(dialog.getByRole('checkbox', { name: module })).toBeDisabled();
  }
  await dialog.getByRole('radio', { name: /^Administrator/ }).click();
  await expect(dialog.getByRole('checkbox', { name: 'Pricing' }), 'an administrator has every module').toHaveCount(0);
  const given = company.invite(company.address('new'), { modules: ['Pricing'] });
  await expect(given).rejects.toMatchObject({ status: 403, code: 'module_admin_only' });

  const theirs = await open(user);
  await theirs.goto(`/a/${company.id}`);
  await expect(entries(theirs, 'What you can open')).toHaveText(['Dashboard']);
  await expect(theirs.getByRole('link', { name: 'User Management' })).toHaveCount(0);
  await theirs.goto(`/a/${company.id}/users`);
  await expect(theirs.getByText('This page is for administrators')).toBeVisible();
  const refused = company.call('GET', '/members', undefined, await company.token(user));
  await expect(refused).rejects.toThrow(Refusal);
  await expect(refused).rejects.toMatchObject({ status: 403, code: 'forbidden' });
});

test('W5: a member sees only the sub-accounts granted', async ({ open, found }) => {
  const company = await found('portal');
  await company.addSubAccounts('Rotterdam', 'Antwerp', 'Hamburg');
  const user = await company.employ('Pia', 'Lund', { modules: ['Inbox'], subAccounts: ['Hamburg'] });
  const theirs = await open(user);
  await theirs.goto(`/a/${company.id}`);
  await expect(entries(theirs, 'Sub-accounts you reach')).toHaveText(['Hamburg']);
  await expect(theirs.getByText('Antwerp')).toHaveCount(0);

  const page = await open(company.owner);
  await openUser(page, company, user);
  const panel = page.getByRole('dialog');
  await panel.getByRole('checkbox', { name: 'Hamburg' }).uncheck();
  await panel.getByRole('checkbox', { name: 'Antwerp' }).check();
  await panel.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('Pia Lund is saved.')).toBeVisible();

  await theirs.reload();
  await expect(entries(theirs, 'Sub-accounts you reach'), 'at the next click').toHaveText(['Antwerp']);
});

test('W6: who was invited is pending, and who was left out is named with the reason', async ({ open, found }) => {
  const company = await found('portal');
  const [fresh, waiting, former] = [
    company.address('fresh'),
    company.address('waiting'),
    company.address('zoe.former'),
  ];
  await company.invite(waiting, { modules: ['Inbox'] });
  const gone = await company.employ('Zoe', 'Former', { modules: ['Inbox'] });
  await company.deactivate(gone);

  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/users`);
  await page.getByRole('button', { name: 'Invite users' }).click();
  // Whether a part of a domain is too long, the server says.
  const wrong = [`one@${'a'.repeat(64)}.example.com`, `two@${'b'.repeat(64)}.example.com`];
  const list = [fresh, waiting, company.owner.email, former, 'someone@mailinator.com', ...wrong];
  await addresses(page).fill(list.join('\n'));
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Set Permission' }).click();
  await dialog.getByRole('checkbox', { name: 'Inbox' }).check();
  await dialog.getByRole('button', { name: 'Send Invites' }).click();

  await expect(dialog.getByText('1 invitation is on its way.')).toBeVisible();
  await expect(verdict(page, '1 already invited')).toContainText(waiting);
  await expect(verdict(page, '1 is a user already')).toContainText(company.owner.email);
  await expect(verdict(page, '1 is an inactive user')).toContainText(former);
  await expect(verdict(page, '1 throw-away address')).toContainText('someone@mailinator.com');

  await dialog.getByRole('button', { name: 'Correct these 2 addresses' }).click();
  for (const email of wrong) await expect(dialog.getByText(email)).toBeVisible();
  await dialog.getByRole('button', { name: 'Set Permission' }).click();
  await expect(dialog.getByRole('checkbox', { name: 'Inbox' }), 'what they were offered').toBeChecked();
  await dialog.getByRole('button', { name: 'Back' }).click();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(verdict(page, '1 already invited'), 'and nothing of the result is lost').toContainText(waiting);
  await dialog.getByRole('button', { name: 'Done' }).click();

  await expect(page.getByRole('tab', { name: 'Pending Invitations 2' })).toHaveAttribute('aria-selected', 'true');
  const pending = page.getByRole('table', { name: 'Pending Invitations' });
  await expect(pending.getByRole('row').filter({ hasText: fresh })).toBeVisible();
  await expect(pending.getByRole('row').filter({ hasText: waiting })).toBeVisible();
  await expect(pending.getByRole('row')).toHaveCount(3);
});

test('W7: a pending invitation can be resent or removed', async ({ open, found, mailbox }) => {
  const company = await found('portal');
  const email = company.address('rosa.klein');
  const first = await company.invite(email, { modules: ['Inbox'] });
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/users?tab=pending`);
  await page.getByRole('link', { name: email }).click();
  const panel = page.getByRole('dialog');
  const before = await mailbox.next(email);
  await panel.getByRole('button', { name: 'Resend' }).click();
  await expect(page.getByText(`A new invitation is on its way to ${email}`)).toBeVisible();

  const second = linkTo('invitation', await mailbox.next(email, before));
  const invited = await open();
  await invited.goto(first);
  await expect(invited.getByText('A newer link was sent. Use the one in the latest e-mail.')).toBeVisible();
  const invitedAgain = await open();
  await invitedAgain.goto(second);
  await expect(invitedAgain.getByRole('button', { name: 'Join Ocean Messaging' })).toBeVisible();

  await panel.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('button', { name: `Remove the invitation to ${email}` }).click();
  await expect(page.getByText('No open invitations')).toBeVisible();
  await fillIn(invitedAgain, 'Rosa', 'Klein');
  await expect(invitedAgain.getByText('This invitation is no longer open.')).toBeVisible();
});

test('W9: a deactivated user is out at the next click and listed under Deactivated Users', async ({
  open,
  found,
  mailbox,
}) => {
  const company = await found('portal');
  const user = await company.employ('Karl', 'Ahlers', { modules: ['Inbox'] });
  const theirs = await open(user);
  await theirs.goto(`/a/${company.id}`);
  await expect(theirs.getByRole('heading', { name: 'Welcome, Karl' })).toBeVisible();

  const page = await open(company.owner);
  await openUser(page, company, user);
  await page.getByRole('button', { name: 'Deactivate', exact: true }).click();
  const wizard = page.getByRole('dialog', { name: 'Deactivate Karl Ahlers' });
  await expect(wizard).toContainText('cannot sign in any more, from the moment you confirm');
  await wizard.getByRole('button', { name: 'Continue' }).click();
  await wizard.getByRole('button', { name: 'Deactivate Karl Ahlers' }).click();
  await expect(wizard.getByText('Karl Ahlers is deactivated.')).toBeVisible();
  await expect(wizard.getByText(/^Receipt of .*, entry \d+ of the trail$/)).toBeVisible();

  await theirs.getByRole('button', { name: /Karl Ahlers.*your menu/ }).click();
  await theirs.getByRole('menuitem', { name: 'My profile' }).click();
  await expect(theirs).toHaveURL(/\/sign-in/);
  await expect(theirs.getByText('You are signed out.')).toBeVisible();
  await signIn(theirs, user);
  await expect(theirs.getByRole('alert')).toBeVisible();
  await expect(theirs).toHaveURL(/\/sign-in/);
  await mailbox.about(user.email, 'access');

  await wizard.getByRole('button', { name: 'Done' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('tab', { name: 'Deactivated Users 1' }).click();
  await expect(page.getByRole('table', { name: 'Deactivated Users' }).getByText(user.email)).toBeVisible();
});

test('W9: a departure can be undone, and the person signs in again', async ({ open, found }) => {
  const company = await found('portal');
  const user = await company.employ('Mina', 'Sol', { modules: ['Inbox'] });
  const page = await open(company.owner);
  await openUser(page, company, user);
  await letGo(page, 'Deactivate', 'Mina Sol');
  const wizard = page.getByRole('dialog', { name: 'Deactivate Mina Sol' });
  await wizard.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Mina Sol is back as before. They have to sign in again.')).toBeVisible();

  const theirs = await open();
  await signIn(theirs, user);
  await expect(entries(theirs, 'What you can open')).toHaveText(['Inbox']);
});

test('W9: access can be ended at once and the rest settled later', async ({ open, found }) => {
  const company = await found('portal');
  const user = await company.employ('Otto', 'Brink', { modules: ['Inbox'] });
  const theirs = await open(user);
  await theirs.goto(`/a/${company.id}`);

  const page = await open(company.owner);
  await openUser(page, company, user);
  await page.getByRole('button', { name: 'Deactivate', exact: true }).click();
  await page.getByRole('button', { name: 'End access now, settle later' }).click();
  await expect(page.getByText('The access of Otto Brink has ended.', { exact: false })).toBeVisible();
  await theirs.reload();
  await expect(theirs).toHaveURL(/\/sign-in/);

  await page.goto(`/a/${company.id}/users?tab=inactive`);
  await expect(row(page, user.email)).toContainText('Still to settle');
  await page.getByRole('link', { name: 'Otto Brink' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Activate' }).last().click();
  await page.getByRole('button', { name: 'Activate Otto Brink' }).click();
  await expect(page.getByText('Otto Brink is active again.')).toBeVisible();
});

test('W10: a removed user is gone from the account and can be invited again', async ({ open, found, mailbox }) => {
  const company = await found('portal');
  const user = await company.employ('Vera', 'Noll', { modules: ['Inbox'] });
  const page = await open(company.owner);
  await openUser(page, company, user);
  await letGo(page, 'Remove user', 'Vera Noll');
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(row(page, company.owner.email)).toBeVisible();
  await expect(row(page, user.email)).toHaveCount(0);
  await page.getByRole('tab', { name: 'Deactivated Users 0' }).click();
  await expect(page.getByText('Nobody is inactive')).toBeVisible();

  const last = await mailbox.about(user.email, 'access');
  const dialog = await setPermission(page, company, user.email);
  await dialog.getByRole('checkbox', { name: 'Reports' }).check();
  await dialog.getByRole('button', { name: 'Send Invites' }).click();
  await expect(dialog.getByText('1 invitation is on its way.')).toBeVisible();
  const mail = await mailbox.next(user.email, last);
  const again = await open();
  await again.goto(linkTo('invitation', mail));
  await again.getByRole('textbox', { name: 'Password' }).fill(user.password);
  await again.getByRole('button', { name: 'Sign in and join' }).click();
  await expect(entries(again, 'What you can open')).toHaveText(['Reports']);
});

/** Begins to invite one address and goes on to the permissions. */
async function setPermission(page: Page, company: Company, email: string) {
  await page.goto(`/a/${company.id}/users`);
  await page.getByRole('button', { name: 'Invite users' }).click();
  await addresses(page).fill(email);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Set Permission' }).click();
  return dialog;
}

/** Clicks on somebody under Active Users. */
async function openUser(page: Page, company: Company, person: Person): Promise<void> {
  await page.goto(`/a/${company.id}/users`);
  await row(page, person.email).getByRole('link').click();
  await expect(page.getByRole('dialog').getByText(person.email).first()).toBeVisible();
}

/** From the panel through the wizard to its receipt. */
async function letGo(page: Page, move: 'Deactivate' | 'Remove user', name: string): Promise<void> {
  await page.getByRole('button', { name: move, exact: true }).click();
  const title = `${move === 'Deactivate' ? move : 'Remove'} ${name}`;
  const wizard = page.getByRole('dialog', { name: title });
  await wizard.getByRole('button', { name: 'Continue' }).click();
  await wizard.getByRole('button', { name: title }).click();
  await expect(wizard.getByText(`${name} is ${move === 'Deactivate' ? 'deactivated' : 'removed'}.`)).toBeVisible();
}

const addresses = (page: Page) => page.getByRole('textbox', { name: 'E-mail addresses' });

/** A group of addresses that were left out. */
const verdict = (page: Page, heading: string) =>
  page.getByRole('dialog').locator('section', { has: page.getByRole('heading', { name: heading }) });

/** Drops a file on the page, beside everything that is on it. */
async function drop(page: Page, name: string, content: string): Promise<void> {
  const kept = await page.evaluate(
    ([name, content]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content], name, { type: 'text/csv' }));
      return !document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    },
    [name, content] as const,
  );
  expect(kept, 'the page stays').toBe(true);
}
