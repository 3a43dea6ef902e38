import { password } from './company';
import { linkTo } from './mailbox';
import { expect, test } from './stage';
import { fillIn } from './steps';

const days = 24;

test('W8: the invited person sets a password, is signed in, and is listed', async ({ open, found }) => {
  const company = await found('portal');
  const email = company.address('noor.haddad');
  const page = await open();
  await page.goto(await company.invite(email, { modules: ['Reports'] }));
  await expect(page.getByRole('heading', { name: 'Join Ocean Messaging' })).toBeVisible();
  await expect(page.getByText('Your role: User.')).toBeVisible();
  await expect(page.getByLabel('E-mail address')).toHaveValue(email);

  await fillIn(page, 'Noor', 'Haddad');
  await expect(page.getByRole('heading', { name: 'Welcome, Noor' })).toBeVisible();
  expect(page.url(), 'the token is gone from the address').not.toContain('#');

  const admin = await open(company.owner);
  await admin.goto(`/a/${company.id}/users`);
  await expect(admin.getByRole('table', { name: 'Active Users' }).getByText(email)).toBeVisible();
});

test('W8: a link is valid for seven days and not longer', async ({ open, found, operator }) => {
  const company = await found('portal');
  const link = await company.invite(company.address('finn.moe'), { modules: ['Reports'] });
  const page = await open();

  const back = await operator.later(7 * days - 1);
  await page.goto(link);
  await expect(page.getByRole('button', { name: 'Join Ocean Messaging' })).toBeVisible();

  await operator.later(7 * days + 1);
  await page.reload();
  await page.goto('/');
  await page.goto(link);
  await expect(page.getByText('This invitation has expired. Ask for a new one.')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Password' }), 'it says so before it asks').toHaveCount(0);
  await back();
});

test('W8: whoever is signed in as somebody else sees both addresses, and the invitation stays open', async ({
  open,
  found,
}) => {
  const company = await found('portal');
  const invited = company.address('ida.berg');
  const link = await company.invite(invited, { modules: ['Reports'] });
  const page = await open(company.owner);
  await page.goto(link);
  await expect(page.getByRole('heading', { name: 'This invitation is for another address' })).toBeVisible();
  await expect(page.getByText(invited)).toBeVisible();
  await expect(page.getByText(company.owner.email)).toBeVisible();

  await page.getByRole('button', { name: 'Sign out and go on' }).click();
  await fillIn(page, 'Ida', 'Berg');
  await expect(page.getByRole('heading', { name: 'Welcome, Ida' })).toBeVisible();
});

test('W8: a person who has a password already joins with it', async ({ open, found }) => {
  const [here, there] = [await found('team'), await found('portal')];
  const page = await open();
  await page.goto(await there.invite(here.owner.email, { modules: ['Inbox'] }));
  await expect(page.getByText('You have a password for this address already.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Password' }).fill('not the right password');
  await page.getByRole('button', { name: 'Sign in and join' }).click();
  await expect(page.getByText('The e-mail address or the password is not right.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Password' }).fill(here.owner.password);
  await page.getByRole('button', { name: 'Sign in and join' }).click();
  await expect(page.getByText('Your role in Ocean Messaging is User.')).toBeVisible();
});

test('W8: a copied link asks for the code that is mailed to the invited address', async ({ open, found, mailbox }) => {
  const company = await found('portal');
  const email = company.address('tomas.reyes');
  await company.invite(email, { modules: ['Reports'] });
  const { items } = await company.call<{ items: { id: string }[] }>('GET', '/invitations?status=pending');
  const { url } = await company.call<{ url: string }>('POST', `/invitations/${items[0]?.id}/link`);
  const invited = await mailbox.next(email);

  const page = await open();
  await page.goto(url);
  await expect(page.getByRole('textbox', { name: 'Password' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Mail me a code' }).click();
  const mail = await mailbox.next(email, invited);
  await page.getByLabel('Code').fill(mail.code ?? '');
  await page.getByRole('button', { name: 'Continue' }).click();

  await page.getByLabel('First name').fill('Tomas');
  await page.getByLabel('Last name').fill('Reyes');
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('heading', { name: 'Welcome, Tomas' })).toBeVisible();
});

test('W8: an invitation can be declined, and its link is over then', async ({ open, found, mailbox }) => {
  const company = await found('portal');
  const email = company.address('lea.winter');
  const link = await company.invite(email, { modules: ['Reports'] });
  expect(linkTo('invitation', await mailbox.next(email))).toBe(link);
  const page = await open();
  await page.goto(link);
  await page.getByRole('button', { name: 'Decline the invitation' }).click();
  await expect(page.getByRole('heading', { name: 'You declined the invitation' })).toBeVisible();

  const again = await open();
  await again.goto(link);
  await expect(again.getByText('This invitation is no longer open.')).toBeVisible();
});
