import type { Page } from '@playwright/test';
import { linkTo } from './mailbox';
import { expect, test } from './stage';
import { fillIn, row, signIn } from './steps';

// "How do I manage my users?", walked as the page tells it.

test('S1: Manage team opens from the menu under the own name', async ({ open, found }) => {
  const company = await found('team');
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}`);
  await manageTeam(page);
  await expect(page).toHaveURL(new RegExp(`/a/${company.id}/users$`));

  const member = await company.employ('Mila', 'Vos');
  const theirs = await open(member);
  await theirs.goto(`/a/${company.id}`);
  await theirs.getByRole('button', { name: /your menu/ }).click();
  await expect(theirs.getByRole('menuitem', { name: 'My profile' })).toBeVisible();
  await expect(theirs.getByRole('menuitem', { name: 'Manage team' })).toHaveCount(0);
});

test('S2: an owner invites by e-mail, and the link is valid for 48 hours', async ({
  open,
  found,
  mailbox,
  operator,
}) => {
  const company = await found('team');
  const email = company.address('jan.smit');
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}`);
  await manageTeam(page);
  await page.getByRole('button', { name: 'Invite user' }).click();
  await page.getByRole('textbox', { name: 'E-mail addresses' }).fill(email);
  await page.getByRole('dialog').getByRole('button', { name: 'Send invites' }).click();
  await expect(page.getByText('1 invitation is on its way.')).toBeVisible();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(sent(page, email)).toContainText('in 2 days');

  const link = linkTo('invitation', await mailbox.next(email));
  const back = await operator.later(47);
  const invited = await open();
  await invited.goto(link);
  await expect(invited.getByRole('button', { name: 'Join Harbour Press' })).toBeVisible();
  await operator.later(49);
  const late = await open();
  await late.goto(link);
  await expect(late.getByText('This invitation has expired. Ask for a new one.')).toBeVisible();
  await back();
});

test('S2: an expired invitation can be resent, and a pending one withdrawn', async ({
  open,
  found,
  mailbox,
  operator,
}) => {
  const company = await found('team');
  const email = company.address('els.kuiper');
  await company.invite(email);
  const first = await mailbox.next(email);
  const back = await operator.later(49);

  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/users?tab=pending`);
  await expect(sent(page, email)).toContainText('Expired');
  await page.getByRole('button', { name: `Resend the invitation to ${email}` }).click();
  await expect(page.getByText(`A new invitation is on its way to ${email}`)).toBeVisible();
  await expect(sent(page, email)).not.toContainText('Expired');
  const link = linkTo('invitation', await mailbox.next(email, first));

  await page.getByRole('button', { name: `More about ${email}` }).click();
  await page.getByRole('menuitem', { name: 'Withdraw' }).click();
  await page.getByRole('button', { name: `Withdraw the invitation to ${email}` }).click();
  await expect(page.getByText(`The invitation to ${email} is withdrawn.`)).toBeVisible();
  await expect(sent(page, email)).toHaveCount(0);
  const invited = await open();
  await invited.goto(link);
  await expect(invited.getByText('This invitation is no longer open.')).toBeVisible();
  await back();
});

test('S3: a member can neither invite nor deactivate', async ({ open, found }) => {
  const company = await found('team');
  const member = await company.employ('Mila', 'Vos');
  const theirs = await open(member);
  await theirs.goto(`/a/${company.id}/users`);
  await expect(theirs.getByRole('heading', { name: 'Manage team' })).toBeVisible();
  await expect(theirs.getByRole('button', { name: 'Invite user' })).toHaveCount(0);
  await expect(theirs.getByRole('switch')).toHaveCount(0);

  const token = await company.token(member);
  const invite = company.call('POST', '/invitations', { emails: [company.address('x')], role: 'member' }, token);
  await expect(invite).rejects.toMatchObject({ status: 403, code: 'forbidden' });
  const departure = { members: [company.owner.member], kind: 'deactivate' };
  const deactivate = company.call('POST', '/departures', departure, token);
  await expect(deactivate).rejects.toMatchObject({ status: 403, code: 'forbidden' });
});

test('S4: owners promote members and demote owners, and the last owner stays', async ({ open, found }) => {
  const company = await found('team');
  const member = await company.employ('Mila', 'Vos');
  const theirs = await open(member);
  await theirs.goto(`/a/${company.id}`);

  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/users`);
  await changeRole(page, 'Mila Vos', /^Owner/);
  await expect(page.getByText('Mila Vos is now Owner.')).toBeVisible();
  await theirs.getByRole('button', { name: /your menu/ }).click();
  await theirs.getByRole('menuitem', { name: 'My profile' }).click();
  await manageTeam(theirs, 'at the next click, without signing in again');

  await changeRole(theirs, 'Olga Brandt', /^Member/);
  await expect(theirs.getByText('Olga Brandt is now Member.')).toBeVisible();
  await changeRole(theirs, 'Mila Vos', /^Member/);
  await expect(theirs.getByRole('dialog').getByRole('alert')).toContainText('Give another person the role first.');
  await theirs.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await expect(row(theirs, 'Mila Vos')).toContainText('Owner');
});

test('S4: the last owner is not let go, and the screen offers the way round', async ({ open, found }) => {
  const company = await found('team');
  await company.employ('Mila', 'Vos');
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/users`);
  await turn(page, 'Olga Brandt');
  const wizard = page.getByRole('dialog', { name: 'Deactivate Olga Brandt' });
  await expect(wizard.getByRole('alert')).toContainText('Olga Brandt is the last one who can manage this account.');
  await expect(wizard.getByRole('button', { name: 'Deactivate Olga Brandt' })).toHaveCount(0);

  const promote = async () => {
    await wizard.getByRole('combobox', { name: 'Who takes over?' }).click();
    await page.getByRole('option', { name: /Mila Vos/ }).click();
    await wizard.getByRole('button', { name: 'Make Owner' }).click();
    await expect(page.getByText('Mila Vos is now Owner.')).toBeVisible();
  };
  const change = page.waitForRequest((request) => request.method() === 'PATCH');
  await promote();
  expect((await change).headers()['if-match'], 'over the version that was read').toBeTruthy();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Mila Vos is as before.')).toBeVisible();
  await wizard.getByRole('button', { name: 'Deactivate Olga Brandt' }).click();
  await expect(wizard.getByText(/^Olga Brandt is the last one/), 'the plan is made anew').toBeVisible();
  await promote();
  await wizard.getByRole('button', { name: 'Deactivate Olga Brandt' }).click();
  await expect(page, 'who let themselves go is out').toHaveURL(/\/sign-in/);
});

test('S5: support gives an account that lost its owners a new one', async ({ open, found, demo, mailbox }) => {
  const company = await found('team');
  const member = await company.employ('Mila', 'Vos');
  const reason = ['--reason', 'Asked for by telephone'];
  expect(await demo.command('account', 'add-owner', company.id, member.member, ...reason)).toContain('Mila Vos');
  const page = await open(member);
  await page.goto(`/a/${company.id}`);
  await manageTeam(page);

  await page.getByRole('button', { name: /your menu/ }).click();
  await page.getByRole('menuitem', { name: 'Activity' }).click();
  await page.getByRole('button', { name: 'The operator made Mila Vos an owner' }).click();
  await expect(page.getByText('Asked for by telephone')).toBeVisible();

  const email = company.address('piet.nieuw');
  expect(await demo.command('account', 'add-owner', company.id, email, ...reason)).toContain(email);
  const invited = await open();
  await invited.goto(linkTo('invitation', await mailbox.next(email)));
  await expect(invited.getByText('Your role: Owner.')).toBeVisible();
  await fillIn(invited, 'Piet', 'Nieuw');
  await manageTeam(invited);
});

test('S6: a switch makes somebody inactive and active, and an inactive user cannot sign in', async ({
  open,
  found,
}) => {
  const company = await found('team');
  const member = await company.employ('Mila', 'Vos');
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/users`);
  await turn(page, 'Mila Vos');
  await page.getByRole('button', { name: 'Deactivate Mila Vos' }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(row(page, 'Mila Vos')).toHaveCount(0);

  const theirs = await open();
  await signIn(theirs, member);
  await expect(theirs.getByRole('alert')).toBeVisible();
  await expect(theirs).toHaveURL(/\/sign-in/);

  await page.getByRole('tab', { name: 'Inactive users 1' }).click();
  await expect(page.getByRole('switch', { name: 'Mila Vos is active' })).not.toBeChecked();
  await turn(page, 'Mila Vos');
  await page.getByRole('button', { name: 'Activate Mila Vos' }).click();
  await expect(page.getByText('Mila Vos is active again.')).toBeVisible();
  await signIn(theirs, member);
  await expect(theirs.getByRole('heading', { name: 'Welcome, Mila' })).toBeVisible();
});

test('S7: tabs, a search box and filters find people', async ({ open, found }) => {
  const company = await found('team');
  await company.employ('Mila', 'Vos');
  await company.employ('Émile', 'Zandstra');
  await company.employ('Oscar', 'Baars', { role: 'owner' });
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/users`);
  await expect(page.getByRole('tab')).toHaveText(['Active users4', 'Inactive users0', 'Sent invitations0']);
  await page.keyboard.press('/');
  await page.keyboard.type('emile');
  await expect(people(page)).toHaveText([/Émile Zandstra/]);
  await page.getByRole('searchbox').fill('');
  await expect(people(page)).toHaveCount(4);

  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByRole('dialog', { name: 'Filter' }).getByRole('combobox', { name: 'Role' }).click();
  await page.getByRole('option', { name: 'Owner' }).click();
  await expect(people(page)).toHaveText([/Olga Brandt/, /Oscar Baars/]);

  const link = page.url();
  const again = await open(company.owner);
  await again.goto(link);
  await expect(people(again), 'a link shows the same list').toHaveText([/Olga Brandt/, /Oscar Baars/]);
});

async function manageTeam(page: Page, why?: string): Promise<void> {
  await page.getByRole('button', { name: /your menu/ }).click();
  await page.getByRole('menuitem', { name: 'Manage team' }).click();
  await expect(page.getByRole('heading', { name: 'Manage team' }), why).toBeVisible();
}

async function changeRole(page: Page, name: string, role: RegExp): Promise<void> {
  await page.getByRole('button', { name: `More about ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Change role' }).click();
  const dialog = page.getByRole('dialog', { name: `Change the role of ${name}` });
  await dialog.getByRole('radio', { name: role }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
}

/** Turns the switch in somebody's row. */
async function turn(page: Page, name: string): Promise<void> {
  await page.getByRole('switch', { name: `${name} is active` }).click({ force: true });
}

/** The rows of the list of people. */
const people = (page: Page) =>
  page
    .getByRole('table')
    .getByRole('row')
    .filter({ has: page.getByRole('switch') });

/** The row of an invitation. */
const sent = (page: Page, email: string) =>
  page.getByRole('table', { name: 'Sent invitations' }).getByRole('row').filter({ hasText: email });
