import type { Locator, Page } from '@playwright/test';
import type { Company } from './company';
import { expect, test } from './stage';
import { row } from './steps';

// Cases that people are assigned to, and pins with their history: the notes of both pages about them.

const at = (company: Company, rest: string) => `/a/${company.id}/resources/${rest}`;

/** Chooses somebody by the name that is typed. */
async function choose(within: Page | Locator, field: string, name: string): Promise<void> {
  await within.getByRole('combobox', { name: field }).fill(name);
  const page = 'page' in within ? within.page() : within;
  await page.getByRole('option', { name }).click();
}

const panelOf = (page: Page) => page.getByRole('dialog').first();
const team = (page: Page) => panelOf(page).getByRole('list', { name: 'Team' });

async function make(company: Company, key: string, name: string, more: object = {}): Promise<void> {
  await company.call('PUT', `/resources/${key}`, { name, ...more });
}

test("C4: Limited and Guest users are assigned after they have registered, and a Guest's second case is refused", async ({
  open,
  found,
}) => {
  const company = await found('cases');
  const link = await company.invite(company.address('lena.moss'), { role: 'limited' });
  const gus = await company.employ('Gus', 'Park', { role: 'guest' });
  await make(company, 'case/2', 'Roe v. Wade Estates');
  const page = await open(company.owner);

  await test.step('a case is added', async () => {
    await page.goto(`/a/${company.id}/users`);
    await page.getByRole('navigation').getByRole('link', { name: 'Cases' }).click();
    await page.getByRole('button', { name: 'Add case' }).click();
    const adding = page.getByRole('dialog', { name: 'Add case' });
    await adding.getByRole('textbox', { name: 'Name' }).fill('Doe v. Harbour');
    await adding.getByRole('textbox', { name: 'Identifier' }).fill('2');
    await adding.getByRole('button', { name: 'Add case' }).click();
    await expect(adding.getByText('There is a case with this identifier already.')).toBeVisible();
    await adding.getByRole('textbox', { name: 'Identifier' }).fill('1');
    await adding.getByRole('button', { name: 'Add case' }).click();
    await expect(page).toHaveURL(at(company, 'case/1'));
    await expect(panelOf(page).getByRole('heading', { name: 'Doe v. Harbour' })).toBeVisible();
  });

  await test.step('who has not registered is nobody to assign', async () => {
    await panelOf(page).getByRole('combobox', { name: 'Assign somebody' }).fill('lena');
    await expect(page.getByText('Nobody found')).toBeVisible();
  });

  const theirs = await open();
  await test.step('once she has, she sees nothing until she is assigned', async () => {
    await theirs.goto(link);
    await theirs.getByLabel('First name').fill('Lena');
    await theirs.getByLabel('Last name').fill('Moss');
    await theirs.getByRole('textbox', { name: 'Password' }).fill('plum kettle orbit sandal');
    await theirs.getByRole('button', { name: /^Join / }).click();
    await theirs.getByRole('main').getByRole('link', { name: 'Cases' }).click();
    await expect(theirs.getByText('No cases for you yet')).toBeVisible();
    await page.reload();
    await choose(panelOf(page), 'Assign somebody', 'Lena Moss');
    await panelOf(page).getByRole('button', { name: 'Assign' }).click();
    await expect(page.getByText('Lena Moss now works on Doe v. Harbour.')).toBeVisible();
    await expect(team(page)).toContainText('Lena Moss');
    await theirs.reload();
    await expect(theirs.getByRole('row')).toHaveCount(2);
    await theirs.getByRole('link', { name: 'Doe v. Harbour' }).click();
    await expect(team(theirs)).toContainText('Lena Moss');
    await expect(panelOf(theirs).getByRole('button', { name: /^(Transfer|Assign|Take)/ })).toHaveCount(0);
  });

  await test.step("a Guest's second case is refused, at the field", async () => {
    await choose(panelOf(page), 'Assign somebody', 'Gus Park');
    await panelOf(page).getByRole('button', { name: 'Assign' }).click();
    await expect(team(page)).toContainText('Gus Park');
    await page.goto(at(company, 'case/2'));
    await choose(panelOf(page), 'Assign somebody', 'Gus Park');
    await panelOf(page).getByRole('button', { name: 'Assign' }).click();
    await expect(panelOf(page).getByText(/works on one case already/)).toBeVisible();
    await expect(panelOf(page).getByText('Nobody works on this case.')).toBeVisible();
    await panelOf(page).getByRole('button', { name: 'Transfer' }).click();
    const handing = page.getByRole('dialog', { name: 'Transfer Roe v. Wade Estates' });
    await choose(handing, 'New owner', 'Gus Park');
    await handing.getByRole('button', { name: 'Transfer' }).click();
    await expect(handing.getByText(/and so they own none/)).toBeVisible();
    const guest = await open(gus);
    await guest.goto(at(company, 'case'));
    await expect(guest.getByRole('row')).toHaveCount(2);
    await expect(row(guest, 'Doe v. Harbour')).toBeVisible();
    await guest.goto(at(company, 'case/2'));
    await expect(guest.getByText(/no such thing/)).toBeVisible();
  });
});

test('C9: whoever left stays listed on their cases until a colleague who reaches them takes them off', async ({
  open,
  found,
}) => {
  const company = await found('cases');
  const sam = await company.employ('Sam', 'Reyes', { role: 'standard' });
  const lena = await company.employ('Lena', 'Moss', { role: 'limited' });
  await make(company, 'case/1', 'Doe v. Harbour', { owner: sam.member });
  for (const { member } of [sam, lena]) await company.call('PUT', `/resources/case/1/assignees/${member}`);
  const page = await open(company.owner);

  await test.step('what he holds stands in his panel', async () => {
    await page.goto(`/a/${company.id}/users/${sam.member}`);
    await panelOf(page).getByRole('tab', { name: 'What they hold' }).click();
    await expect(panelOf(page).getByRole('list', { name: 'Owns' })).toContainText('Doe v. Harbour');
    await expect(panelOf(page).getByRole('list', { name: 'Works on' })).toContainText('Case 1');
    await company.deactivate(sam);
    await page.reload();
    await panelOf(page).getByRole('list', { name: 'Works on' }).getByRole('link', { name: 'Doe v. Harbour' }).click();
    await expect(page).toHaveURL(at(company, 'case/1'));
    await expect(row(page, 'Doe v. Harbour')).toContainText('1 inactive');
  });

  await test.step('a Limited colleague takes him off, and nobody who is active', async () => {
    const theirs = await open(lena);
    await theirs.goto(at(company, 'case/1'));
    await expect(team(theirs).getByRole('listitem')).toHaveCount(2);
    await expect(team(theirs).getByRole('listitem').filter({ hasText: 'Sam Reyes' })).toContainText('Inactive');
    await expect(panelOf(theirs).getByText('Stays the owner until it is transferred.')).toBeVisible();
    await expect(panelOf(theirs).getByRole('button', { name: 'Take off Lena Moss' })).toHaveCount(0);
    await panelOf(theirs).getByRole('button', { name: 'Take off Sam Reyes' }).click();
    await expect(theirs.getByText('Sam Reyes no longer works on Doe v. Harbour.')).toBeVisible();
    await expect(team(theirs).getByRole('listitem')).toHaveCount(1);
    await panelOf(theirs).getByRole('tab', { name: 'History' }).click();
    await expect(panelOf(theirs).getByText('Sam Reyes was taken off')).toBeVisible();
    await expect(panelOf(theirs).getByText('Sam Reyes was assigned')).toBeVisible();
  });
});

test('F6: a pin keeps its whole history, who closed the deal too', async ({ open, found }) => {
  const company = await found('field');
  const ada = await company.employ('Ada', 'Winter');
  const ben = await company.employ('Ben', 'Sol');
  await company.call('PATCH', `/members/${ada.member}`, { phone: '+31 20 555 0100' });
  await make(company, 'pin/7', 'Bakery Molenaar', { owner: ada.member });

  await test.step('the owner notes a visit', async () => {
    const theirs = await open(ada);
    await theirs.goto(at(company, 'pin'));
    await theirs.getByRole('link', { name: 'Bakery Molenaar' }).click();
    await panelOf(theirs).getByRole('tab', { name: 'History' }).click();
    await panelOf(theirs).getByRole('button', { name: 'Add a note' }).click();
    const noting = theirs.getByRole('dialog', { name: 'Note what happened with Bakery Molenaar' });
    await noting.getByLabel('When', { exact: true }).fill('2999-01-01T10:00');
    await noting.getByRole('textbox', { name: 'In words' }).fill('Closed on Mondays');
    await noting.getByRole('button', { name: 'Add to the history' }).click();
    await expect(noting.getByText('This time has not come yet.')).toBeVisible();
    await noting.getByLabel('When', { exact: true }).fill('2026-03-02T10:00');
    await noting.getByRole('button', { name: 'Add to the history' }).click();
    await expect(panelOf(theirs).getByText('Visit by Ada Winter')).toBeVisible();
  });

  const page = await open(company.owner);
  await test.step('it is transferred, and she leaves', async () => {
    await page.goto(at(company, 'pin/7'));
    const name = panelOf(page).getByRole('textbox', { name: 'Name' });
    await name.fill('Bakery Mill');
    await panelOf(page).getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(name, 'a name is taken back like everything else').toHaveValue('Bakery Molenaar');
    await panelOf(page).getByRole('button', { name: 'Transfer' }).click();
    const handing = page.getByRole('dialog', { name: 'Transfer Bakery Molenaar' });
    await choose(handing, 'New owner', 'Ben Sol');
    await handing.getByRole('button', { name: 'Transfer' }).click();
    await expect(page.getByText('Bakery Molenaar now belongs to Ben Sol.')).toBeVisible();
    await expect(row(page, 'Bakery Molenaar')).toContainText('Ben Sol');
    await company.deactivate(ada);
    const activity = { kind: 'deal_closed', note: 'Two years' };
    await company.call('POST', '/resources/pin/7/activities', activity, await company.token(ben));
  });

  await test.step('the history has it all', async () => {
    await page.goto(at(company, 'pin/7?view=history'));
    const owners = panelOf(page).getByRole('list', { name: 'Owners' }).getByRole('listitem');
    await expect(owners).toHaveCount(2);
    await expect(owners.first()).toContainText(/Ben Sol.* – now$/);
    await expect(owners.last()).toContainText(/Ada Winter.*\d{4} – .*\d{4}$/);
    for (const said of [
      'Ada Winter became the owner',
      'Ben Sol became the owner, after Ada Winter',
      'Closed on Mondays',
      'Visit by Ada Winter',
      'Deal closed by Ben Sol',
    ]) {
      await expect(panelOf(page).getByText(said)).toBeVisible();
    }
  });
});

test('a list of resources is imported with progress, and what is refused is told by the line', async ({
  open,
  found,
}) => {
  const company = await found('field');
  const ada = await company.employ('Ada', 'Winter');
  const page = await open(company.owner);
  await page.goto(at(company, 'pin'));
  await expect(page.getByText('No pins yet')).toBeVisible();
  const lines = Array.from({ length: 6_000 }, (_, n) =>
    JSON.stringify({ type: 'pin', id: `${n + 1}`, name: `Pin ${n + 1}`, owner: ada.member }),
  );
  lines[5_500] = '{"type":"pin","id":"a/b","name":"Wrong"}';
  lines[5_501] = '{"type":"pin","id":"x","name":"Nobody","owner":"mem_00000000000000000000000000"}';
  await page.getByRole('button', { name: 'Import a list' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import a list' });
  await dialog.locator('input[type=file]').setInputFiles({
    name: 'pins.ndjson',
    mimeType: 'application/x-ndjson',
    buffer: Buffer.from(lines.join('\n')),
  });
  const answer = await slowImport(page);
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await dialog.getByRole('button', { name: 'Go on in the background' }).click();
  await expect(page.getByText('pins.ndjson: 0% done'), 'a note tells how far it is').toBeVisible();
  expect(await page.evaluate(() => dispatchEvent(new Event('beforeunload', { cancelable: true })))).toBe(false);
  answer();
  await expect(page.getByText('pins.ndjson is imported.')).toBeVisible();
  await page.getByRole('button', { name: 'Show the result' }).click();
  await expect(dialog.getByText('5,998 added, 0 changed, 0 as they were, 2 left out')).toBeVisible();
  await expect(dialog.getByText('pins.ndjson is imported.')).toBeVisible();
  await expect(row(page, '5,501')).toContainText('id: This is not as it has to be.');
  await expect(row(page, '5,502')).toContainText('There is no such person');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('row').nth(50)).toBeVisible();
  await page.goto(at(company, `pin?owner=${ada.member}`));
  await expect(page.getByText('Owner: Ada Winter')).toBeVisible();
  await page.getByRole('button', { name: 'Lift the filter Owner: Ada Winter' }).click();
  await expect(page).toHaveURL(at(company, 'pin'));
  const search = page.getByRole('searchbox', { name: 'Search name or identifier' });
  await search.fill('nothing is called so');
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await expect(search).toHaveValue('');
  await expect(page.getByRole('row').nth(50)).toBeVisible();
});

/** Has the server ask to wait a second, and then holds its answer until it is let go. */
async function slowImport(page: Page): Promise<() => void> {
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const busy = { status: 429, headers: { 'Retry-After': '1' }, json: { code: 'rate_limited' } };
  await page.route(/resources\/import$/, async (route) => {
    await held;
    await route.continue();
  });
  // Of two that match the later is asked first.
  await page.route(/resources\/import$/, (route) => route.fulfill(busy), { times: 1 });
  return answer;
}
