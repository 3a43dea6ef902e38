import type { Page } from '@playwright/test';
import { Authenticator } from './authenticator';
import { type Cast, reader } from './cast';
import { password } from './company';
import {
  answer,
  away,
  fill,
  follow,
  hear,
  hold,
  item,
  press,
  pressInside,
  refuse,
  release,
  type Screen,
  shows,
  visit,
  type Way,
  waits,
} from './screen';
import { expect } from './stage';

// Every screen of the app, and the way to it, in the order one walks them.

const users = '/a/:account/users/:member?';
const keys = '/a/:account/keys/:key?';
const credits = '/a/:account/credits';
const resources = '/a/:account/resources/:type/:id?';
const member = (name: string) => (cast: Cast) => `/${cast.people[name]?.member}`;
const more = (name: string) => press(`More about ${name}`);
const signIn = (email: string | ((cast: Cast) => string), secret: string): Way[] => [
  visit('/sign-in'),
  fill('E-mail address', email),
  fill('Password', secret),
  press('Sign in'),
];
const tick = (box: string): Way => {
  return (page) => page.getByRole('checkbox', { name: box }).check();
};
const untick = (box: string): Way => {
  return (page) => page.getByRole('checkbox', { name: box }).uncheck();
};
/** Opens the palette, which is loaded by then. */
const palette: Way = async (page) => {
  await page.getByRole('button', { name: 'Find a person or a page' }).click();
  await expect(page.getByRole('textbox', { name: 'Find a person or a page' })).toBeVisible();
};
const rule = (policy: Record<string, unknown>): Way => {
  return (_page, { company }) => company.call('PATCH', '', { policy });
};

const moreOf = (local: string): Way => {
  return (page, { company }) => page.getByRole('button', { name: `More about ${company.address(local)}` }).click();
};
const openOf = (local: string): Way => {
  return (page, { company }) => page.getByRole('link', { name: company.address(local) }).click();
};
const selectOf = (local: string): Way => {
  return (page, { company }) => page.getByRole('checkbox', { name: `Select ${company.address(local)}` }).check();
};
const noClipboard: Way = (page) =>
  page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('', 'NotAllowedError'));
  });
const enter: Way = (page) => page.keyboard.press('Enter');
const departing = (name: string, way: string): Way[] => [visit(users), more(name), item(way)];
const askForAccount = (email: string): Way[] => [
  visit('/sign-up'),
  fill('Company name', 'Ocean Messaging'),
  fill('First name', 'Wilma'),
  fill('Last name', 'Sterk'),
  fill('E-mail address', email),
  press('Create account'),
];
/** One who can be invited, one who is in already, and one whom nobody can reach for long. */
const mixed = ({ company, people }: Cast) => `${company.address('one')}, ${people.nora?.email}, two@mailinator.com`;

const choose = (label: string, option: string): Way => {
  return (page) => page.getByLabel(label).selectOption(option);
};

export const waysIn: Screen[] = [
  ['the front door', visit('/'), hear('Forgot your password?')],
  ['sign in', visit('/sign-in')],
  ['sign in, refused', ...signIn('nobody@example.com', 'not the password'), hear(/is not right/)],
  ['choose an account', ...signIn(({ people }) => people.both?.email ?? '', password), hear('Choose an account')],
  ['sign up', visit('/sign-up')],
  ['sign up, refused', refuse(/v1\/sign-up/, 503, 'unavailable'), ...askForAccount('x@example.com'), hear(/is busy/)],
  ['sign up, on its way', release, ...askForAccount('somebody@example.com'), hear('Check your mailbox')],
  ['sign up, confirmed', follow('/sign-up', 'sign-up'), hear('Choose your password')],
  [
    'sign up, closed',
    answer(/v1\/about/, { sign_up: false, presets: [] }),
    visit('/sign-up'),
    hear('Sign-up is closed'),
    release,
  ],
  ['forgotten password', visit('/forgot')],
  ['forgotten password, on its way', fill('E-mail address', 'x@example.com'), press('Mail me a link')],
  ['a new password', follow('/reset', 'reset')],
  ['a weak password', fill('Password', 'password1234567'), press('Set the new password'), hear(/easy to guess/)],
  ['a link that lost its token', visit('/reset')],
  ['a new address', follow('/confirm', 'confirm')],
  ['an invitation', follow('/invitation', 'fresh')],
  [
    'an invitation, refused',
    fill('First name', 'Ines'),
    fill('Last name', 'Sol'),
    fill('Password', 'password1234567'),
    press(/^Join/),
    hear(/easy to guess/),
  ],
  ['an invitation of somebody known', follow('/invitation', 'known'), hear(/have a password/)],
  ['a copied invitation', follow('/invitation', 'copied')],
  ['a copied invitation, its code', press('Mail me a code'), hear(/six digits/)],
  ['an invitation, declined', follow('/invitation', 'fresh'), press('Decline the invitation'), hear(/You declined/)],
  ['an invitation that is over', follow('/invitation', 'fresh'), hear(/no longer open/)],
  ['the server is away', refuse(/invitations\/inspect/, 503, 'unavailable'), follow('/invitation', 'known'), release],
  ['no such page', visit('*')],
];

export const elsewhere: Screen[] = [
  ['an invitation for somebody else', follow('/invitation', 'somebody'), hear('Invited')],
  ['another account of theirs', follow('/a/:account', 'theirs'), hear(/^Switch to/)],
  ['an account of others', follow('/a/:account', 'others'), hear('You have no access to this account')],
  ['home', visit('/a/:account/home')],
  ['the menu of accounts', shows('shell/AccountMenu', press(/switch account/))],
  ['my accounts', visit('/a/:account/me', '?tab=accounts')],
  ['a team', visit(users)],
  ['the name menu of a team', shows('shell/NameMenu', press(/your menu/))],
  ['signed out', item('Sign out'), hear('You are signed out.')],
];

export const pages: Screen[] = [
  ['an account', visit('/a/:account'), hear(/has access|have access/)],
  ['active users', visit(users)],
  ['the filter', shows('users/MemberFilters', press('Filter'))],
  ['the choices of a filter', (page) => page.getByRole('combobox', { name: 'Type' }).click()],
  ['the menu of the list', away, away, shows('users/MoreMenu', press('More about this list'))],
  ['the name menu', away, shows('shell/NameMenu', press(/your menu/))],
  ['the palette', away, shows('shell/Palette', palette)],
  ['people in the palette', fill('Find a person or a page', 'nora'), hear('Nora Quist')],
  ['nobody in the palette', fill('Find a person or a page', 'xyz'), hear('Nothing found')],
  ['the menu of a row', away, shows('users/MemberMenu', more('Nora Quist'))],
  ['several at once', away, shows('list/SelectionBar', tick('Select Nora Quist'))],
  ['deactivated users', visit(users, '?tab=inactive')],
  ['pending invitations', visit(users, '?tab=pending')],
  ['the menu of an invitation', shows('invitations/InvitationMenu', moreOf('pending'))],
  ['several invitations', away, selectOf('pending')],
  ['an invitation in the list', away, openOf('pending'), hear(/^Invited by/)],
  ['removing it', shows('invitations/WithdrawDialog', press('Remove'))],
  ['its link', away, noClipboard, shows('invitations/LinkDialog', press('Copy link')), hear(/^The link for/)],
];

export const administration: Screen[] = [
  ['home', visit('/a/:account/home')],
  ['roles', visit('/a/:account/roles/:role?')],
  ['a new role', shows('roles/RolesPage', press('Add a role')), hear('Create the role')],
  ['a role of the preset', visit('/a/:account/roles/:role?', '/admin'), hear(/came with the account/)],
  ['a role that is in use', visit('/a/:account/roles/:role?', '/desk'), hear(/is in use/)],
  ['a role to delete', visit('/a/:account/roles/:role?', '/spare'), hear(/is invited with it/)],
  ['deleting a role', shows('roles/RolePanel', press('Delete this role'))],
  ['no such role', visit('/a/:account/roles/:role?', '/nothing'), hear(/no such thing/)],
  ['activity', visit('/a/:account/activity')],
  ['the menu of the export', shows('activity/ExportMenu', press('Export'))],
  ['an event', away, press(/invited/)],
  ['settings: name and looks', visit('/a/:account/settings')],
  ['settings: rules', visit('/a/:account/settings', '?tab=rules')],
  ['settings: modules', visit('/a/:account/settings', '?tab=modules')],
  ['the menu of a module', shows('account/Parts', press('More for Inbox'))],
  ['a new name', shows('account/NameDialog', item('Rename'))],
  ['settings: sub-accounts', visit('/a/:account/settings', '?tab=sub-accounts')],
  ['my profile', visit('/a/:account/me')],
  ['a toast', fill('Job title', 'Editor'), shows('shell/toast', press('Save')), hear('Your profile is saved.')],
  ['my devices', visit('/a/:account/me', '?tab=security')],
  ['no such page', visit('/a/:account/*')],
];

export const dialogs: Screen[] = [
  ['invite users', visit(users), shows('invitations/InviteDialog', press('Invite users'))],
  ['addresses that are wrong', fill('E-mail addresses', 'one@@two, three'), enter],
  ['set permission', press('Remove all 2'), fill('E-mail addresses', mixed), press('Set Permission')],
  ['the mail in advance', press('Preview the e-mail')],
  ['no module yet', press('Send Invites'), hear('Choose at least one module.')],
  ['what became of each', tick('Inbox'), press('Send Invites'), hear('1 invitation is on its way.')],
  ['a user', visit(users, member('nora')), shows('users/SidePanel', hear('Nora Quist'))],
  ['a changed user', fill('Job title', 'Editor')],
  [
    'a login that is handed on',
    fill('Last name', 'Pol'),
    fill('E-mail address', 'piet.pol@example.com'),
    hear('Is this still the same person?'),
  ],
  ['their devices', visit(users, (cast) => `${member('nora')(cast)}?view=devices`)],
  ['their timeline', visit(users, (cast) => `${member('nora')(cast)}?view=timeline`)],
  [
    'change type and modules',
    visit(users),
    more('Nora Quist'),
    shows('users/RegradeDialog', item('Change type and modules')),
  ],
  [
    'what a departure does',
    ...departing('Nora Quist', 'Deactivate'),
    shows('departure/DepartureWizard', hear('What will happen')),
  ],
  ['confirm by name', press('Continue')],
  ['the receipt', press('Deactivate Nora Quist'), hear('Nora Quist is deactivated.')],
  [
    'activate again',
    visit(users, '?tab=inactive'),
    more('Nora Quist'),
    shows('departure/ReturnDialog', item('Activate')),
  ],
  ['somebody inactive', visit(users, member('nora')), hear(/can be undone until/)],
  ['the last one who can manage', ...departing('Olga Brandt', 'Deactivate'), hear(/is the last one/)],
  [
    'what must be decided',
    rule({ phone_required: true }),
    ...departing('Ruben Haas', 'Deactivate'),
    press('Continue'),
    hear(/^Phone number of/),
  ],
  [
    'somebody still to settle',
    press('Back'),
    press('End access now, settle later'),
    hear(/has ended/),
    visit(users, member('ruben')),
    hear('Access has ended, the rest waits'),
  ],
  [
    'add a user',
    rule({ add_directly: true }),
    visit(users),
    shows('users/AddUserDialog', press('Add user')),
    hear('First name'),
  ],
];

export const states: Screen[] = [
  ['nobody active found', visit(users, '?q=xyz'), hear('Nobody found')],
  ['nobody inactive', visit(users, '?tab=inactive'), hear('Nobody is inactive')],
  ['no open invitations', visit(users, '?tab=pending'), hear('No open invitations')],
  ['no such invitation', visit(users, '?tab=pending&q=xyz'), hear('No invitation found')],
  ['no modules and no sub-accounts', visit('/a/:account/settings', '?tab=sub-accounts'), hear('There are none yet.')],
  ['no credits', visit(credits), hear('There are no credits yet')],
  ['nothing done', visit('/a/:account/activity', '?action=owner.'), hear('Nothing here')],
  ['no plan', visit('/a/:account/billing/:invoice?'), hear('There is no plan yet')],
  ['no invoices', visit('/a/:account/billing/:invoice?', '?tab=invoices'), hear('There are no invoices yet')],
  ['no API keys', visit(keys), hear('There are no API keys')],
  ['users that wait', hold(/\/members\?/), visit(users)],
  ['users that do not come', release, refuse(/\/members\?/, 500, 'internal'), visit(users), hear(/went wrong/)],
  ['users whose roles do not come', release, refuse(/\/roles$/, 500, 'internal'), visit(users), hear(/went wrong/)],
  ['a user that does not exist', release, visit(users, '/mem_00000000000000000000000000'), hear(/no such thing/)],
  ['an account that waits', hold(/\/accounts\/[^/]+$/), visit(users)],
  ['an account that does not come', release, refuse(/\/accounts\/[^/]+$/, 500, 'internal'), visit(users)],
  ['a page that waits', release, hold(/UsersPage/), visit(users)],
  [
    'a change that is refused',
    release,
    refuse(/\/accounts\/[^/]+$/, 403, 'forbidden', 'PATCH'),
    visit('/a/:account/settings', '?tab=rules'),
    choose('An invitation is valid for', '2 days'),
    hear(/Your role does not allow/),
  ],
  [
    'invitations that go out by themselves',
    release,
    hold(/\/invitations$/),
    visit(users),
    press('Invite users'),
    fill('E-mail addresses', 'three@example.com'),
    press('Set Permission'),
    tick('Inbox'),
    press('Send Invites'),
    press('Go on in the background'),
    shows('shell/cornerNote', hear('Sending invitations')),
  ],
  ['how far they are', shows('invitations/SentDialog', press('Show the result')), hear(/of 1 addresses done/), release],
];

/** The code of an app that is just being set up with the key that is shown. */
const codeOfKey: Way = async (page) => {
  const key = page.getByText(/^([A-Z2-7]{4} )+[A-Z2-7]{1,4}$/);
  await page.getByLabel('Code that the app shows').fill(new Authenticator((await key.textContent()) ?? '').next());
};
const security = visit('/a/:account/me', '?tab=security');

export const twoFactor: Screen[] = [
  ['who has two-factor', visit(users), hear('Mila Vos')],
  ['somebody with two-factor', visit(users, member('mila')), hear('Two-factor on')],
  [
    'reset the two-factor of somebody',
    visit(users),
    more('Mila Vos'),
    shows('users/ResetFactorDialog', item('Reset two-factor')),
  ],
  ['two-factor that is required', rule({ mfa: 'required' }), visit(users), hear(/asks for a second factor/)],
  ['no two-factor', rule({ mfa: 'optional' }), security],
  [
    'a proof that it is you',
    refuse(/\/v1\/me\/totp$/, 403, 'step_up_required', 'POST'),
    waits,
    shows('shell/Proof', press('Set up two-factor')),
    hear('Confirm that it is you'),
  ],
  [
    'set up two-factor',
    release,
    security,
    shows('me/FactorDialog', press('Set up two-factor')),
    hear(/^Scan this picture/),
  ],
  [
    'set up two-factor, a wrong code',
    fill('Code that the app shows', '000000'),
    press('Turn on two-factor'),
    hear(/^This code is not right/),
  ],
  ['recovery codes', codeOfKey, press('Turn on two-factor'), hear(/^Keep these/)],
  ['two-factor', press('I have kept them'), hear('10 recovery codes left')],
  ['new recovery codes', press('New recovery codes'), hear(/stop working/)],
  ['turn off two-factor', away, press('Turn off two-factor'), hear(/signed out everywhere else\.$/)],
];

export const secondSteps: Screen[] = [
  ['the second step', ...signIn(({ people }) => people.mila?.email ?? '', password), hear('One more step')],
  ['the second step, refused', fill('Code', '000000'), press('Sign in'), hear(/^This code is not right/)],
  ['the second step by a recovery code', press('Use a recovery code'), hear(/^Type one of the recovery codes/)],
];

const key = (name: string) => visit(keys, ({ links }) => links[name] ?? `There is no key "${name}".`);

export const apiKeys: Screen[] = [
  ['API keys', visit(keys), hear('Mila Vos')],
  ['the menu of a key', shows('keys/KeyMenu', press('More about Nightly export'))],
  ['my API keys', visit(keys, '?tab=mine')],
  ['an API key', key('Nightly export'), shows('keys/KeysPage', hear('When should it end?'))],
  ['a changed API key', untick('Change users'), choose('When should it end?', 'In 30 days'), hear('Save changes')],
  ['leave a changed API key', shows('panel/Panel', press('Close')), hear('Leave without saving?')],
  ['back at a changed API key', press('Keep editing')],
  ['what an API key did', press('Discard changes'), (page) => page.getByRole('tab', { name: 'What it did' }).click()],
  [
    'what an API key that did nothing did',
    key('Website'),
    (page) => page.getByRole('tab', { name: 'What it did' }).click(),
  ],
  ['an API key that may less now', key('Wall board in the canteen'), hear(/no longer allows: /)],
  ['an API key that does nothing now', key(reader), hear(/no longer allows anything/)],
  ['revoke an API key', shows('keys/RevokeDialog', press(`Revoke ${reader}`)), hear(/from its next request on/)],
  ['no such API key', visit(keys, '/key_00000000000000000000000000'), hear(/no such thing/)],
  ['make an API key', visit(keys), shows('keys/NewKeyDialog', press('Make a key')), hear('What may it do?')],
  ['make an API key, refused', press('Make the key'), hear(/^Choose at least one/)],
  [
    'make an API key until a day',
    choose('How long should it work?', 'Until a day that you choose'),
    press('Make the key'),
    hear(/still to come/),
  ],
  [
    'an API key, shown once',
    fill('Name', 'Intranet'),
    choose('How long should it work?', 'Without an end'),
    tick('See the users'),
    press('Make the key'),
    shows('keys/FreshKey', hear('Intranet is ready')),
  ],
  ['the API keys of somebody', visit(users, (cast) => `${member('mila')(cast)}?view=keys`), hear(reader)],
  ['API keys that end with somebody', ...departing('Mila Vos', 'Deactivate'), hear('2 API keys end.')],
];

export const ofCredits: Screen[] = [
  ['credits', visit(credits), hear('Jo Jansen')],
  [
    'move credits',
    shows('credits/MoveDialog', press('Move credits of Jo Jansen')),
    fill('How many', '150'),
    hear(/has only 39 credits/),
  ],
  ['credits, moved', fill('How many', '15'), press('Move 15 credits'), hear(/15 credits moved from Jo Jansen/)],
  [
    'the ledger of one wallet',
    visit(credits, (cast) => `?tab=ledger&member=${cast.people.jo?.member}`),
    hear(/24 left/),
  ],
  ['records', visit(credits, '?tab=records'), hear('lead-20')],
  ['a record that the reader cannot pay', shows('credits/DownloadDialog', press('Download lead-20')), hear(/only 0/)],
  ['downloads', visit(credits, '?tab=downloads'), hear('Mila Vos downloaded lead-7')],
  ['add a user of a vendor', visit(users), press('Add New'), hear(/allow list/)],
  ['a user of a vendor', visit(users, member('jo')), hear('Leaving')],
];

export const ofOwnCredits: Screen[] = [
  ['my credits', visit(credits), hear('You have spent')],
  ['a record that costs', press('Download lead-20'), hear(/and keep/)],
];

const billing = '/a/:account/billing/:invoice?';
const inviting = [visit(users), press('Invite User')];
const setRole = (role: RegExp): Way => {
  return (page) => page.getByRole('radio', { name: role }).click();
};

export const seatsAndMoney: Screen[] = [
  ['seats and money', visit(billing), hear('Next invoice'), hear('Limit')],
  ['seats over time as a table', press('Show as a table')],
  ['invoices', visit(billing, '?tab=invoices'), hear('Invoice 2')],
  ['an invoice', visit(billing, ({ links }) => links['invoice 2'] ?? ''), hear('Havenstraat 12')],
  ['no such invoice', visit(billing, '/bil_00000000000000000000000000'), hear(/no such thing/)],
  ['payment information', visit(billing, '?tab=payment'), hear('Contact person')],
  ['a card that is refused', fill('Your reference', '4111 1111 1111 1111'), press('Save'), hear(/number of a card/)],
  ['current users of cases', visit(users), hear('Lena Haas')],
  [
    'the price of an invitation',
    ...inviting,
    fill('E-mail addresses', 'a@example.com, b@example.com, c@example.com'),
    setRole(/^Standard User/),
    hear(/over the seat limit/),
  ],
  ['a guest is free', setRole(/^Free Guest/), hear('This takes no seat and costs nothing.')],
  [
    'the price of another role',
    visit(users),
    more('Gast Vrij'),
    item('Change permission level'),
    setRole(/^Standard/),
    hear(/^This takes a seat/),
  ],
  ['what leaving credits', ...departing('Ruben Quist', 'Deactivate'), hear(/never paid out/)],
  [
    'what coming back costs',
    visit(users, '?tab=inactive'),
    more('Nora Quist'),
    item('Activate'),
    hear(/^A seat is taken/),
  ],
];

const departures = '/a/:account/departures/:departure?';
const receipt: Way = Object.assign(
  (page: Page, { company, links }: Cast) => page.goto(`/a/${company.id}/departures${links.left}/receipt`),
  { route: '/a/:account/departures/:departure/receipt' },
);

export const leaving: Screen[] = [
  ['departures that wait for their time', visit(departures), hear('Ruben Haas')],
  [
    'somebody who waits for their time, in the wizard',
    visit(users),
    more('Ruben Haas'),
    item('Deactivate'),
    hear(/^This happens on/),
  ],
  [
    'a departure that waits for its time',
    visit(departures, ({ links }) => links.scheduled ?? ''),
    shows('departure/DeparturesPage', hear(/^This happens on/)),
  ],
  ['departures that failed', visit(departures, '?tab=failed'), hear('Nothing has failed')],
  ['a departure that is done', visit(departures, ({ links }) => links.left ?? ''), hear('Carried out')],
  ['a receipt to print', receipt, hear('How to check it')],
  ['somebody with a day to leave', visit(users, member('ruben')), hear(/^Will be deactivated on/)],
  [
    'a departure of many, somebody without a number',
    visit(users),
    tick('Select Karl Ahlers'),
    tick('Select Olga Brandt'),
    press('Deactivate'),
    hear(/is the last one/),
  ],
  [
    'whose access did not end',
    refuse(/\/suspend$/, 409, 'last_owner'),
    press('End access now, settle later'),
    hear(/^Karl Ahlers is still in/),
  ],
  [
    'a departure of many, one of whom leaves already',
    release,
    visit(users),
    tick('Select Ruben Haas'),
    tick('Select Olga Brandt'),
    press('Deactivate'),
    hear(/is in another departure already/),
  ],
  [
    'the access of many is ending',
    hold(/\/suspend$/),
    press('End access now, settle later'),
    hear(/^Ending access: 0 of 2/),
  ],
  [
    'access ends at the confirmation',
    release,
    visit(users, member('karl')),
    (page) => page.getByRole('combobox', { name: 'Status' }).click(),
    (page) => page.getByRole('option', { name: 'Inactive' }).click(),
    hear('What will happen'),
  ],
  [
    'what becomes of the pins',
    fill('Phone number of Karl Ahlers', '+31 20 555 0101'),
    press(/^Continue/),
    hear(/^What becomes of the 3 pins/),
    (page) => page.getByRole('radio', { name: 'Choose one by one' }).check(),
    tick('Select Harbour café'),
  ],
  [
    'what was decided is not kept',
    shows('departure/NotKept', (page) => page.getByRole('radio', { name: 'Choose one by one' }).press('Escape')),
    hear('Leave without what you decided?'),
  ],
  [
    'what could not be undone',
    press('Stay here'),
    (page) => page.getByRole('radio', { name: 'Transfer all to one colleague' }).check(),
    (page) => page.getByRole('combobox', { name: 'Who takes them over?' }).click(),
    (page) => page.getByRole('option', { name: /Olga Brandt/ }).click(),
    press('Finish'),
    hear('Karl Ahlers is deactivated.'),
    (_page, { company }) => company.call('PUT', '/resources/pin/2', { name: 'The old mill', owner: null }),
    (page) =>
      page.getByRole('dialog', { name: 'Deactivate Karl Ahlers' }).getByRole('button', { name: 'Undo' }).click(),
    hear('Karl Ahlers is back. Not everything could be:'),
  ],
];

/** Chooses somebody by the name that is typed. */
const choosePerson = (field: string, name: string): Way => {
  return async (page) => {
    await page.getByRole('combobox', { name: field }).fill(name);
    await page.getByRole('option', { name }).click();
  };
};
const list = '{"type":"case","id":"2026-017","name":"Poe"}\n{"type":"case","id":"a/b","name":"Moe"}';
const listOfCases: Way = (page) =>
  page.locator('input[type=file]').setInputFiles({
    name: 'cases.ndjson',
    mimeType: 'application/x-ndjson',
    buffer: Buffer.from(list),
  });

export const ofResources: Screen[] = [
  ['cases', visit(resources, '/case'), hear(/inactive/i)],
  ['the filter of cases', shows('resources/ResourceFilters', press('Filter'))],
  ['cases of one owner', visit(resources, (cast) => `/case?owner=${cast.people.sam?.member}`), hear(/^Inheritance/)],
  ['no cases of an owner', visit(resources, (cast) => `/case?owner=${cast.people.gus?.member}`), hear('Nothing found')],
  ['a case', visit(resources, '/case/2026-014'), shows('resources/ResourcesPage', hear('Lena Moss'))],
  [
    "a guest's second case, refused",
    visit(resources, '/case/2026-015'),
    choosePerson('Assign somebody', 'Gus Park'),
    press('Assign'),
    hear(/works on one case already/),
  ],
  ['a changed case', fill('Name', 'Inheritance'), hear('Save changes')],
  ['transfer a case', press('Discard changes'), shows('resources/TransferDialog', press('Transfer'))],
  ['the history of a case', visit(resources, '/case/2026-014?view=history'), hear('Deal closed by Olga Brandt')],
  ['note what happened', shows('resources/NoteDialog', press('Add a note')), hear('In words')],
  ['no such case', visit(resources, '/case/none'), hear(/no such thing/)],
  [
    'add a case',
    visit(resources, '/case'),
    shows('resources/NewResourceDialog', press('Add case')),
    pressInside('Add case'),
  ],
  ['import a list', visit(resources, '/case'), shows('resources/ImportDialog', press('Import a list'))],
  ['an imported list, with a refusal', listOfCases, press('Import'), hear(/1 added, .* 1 left out/)],
  ['what somebody holds', visit(users, (cast) => `${member('sam')(cast)}?view=holdings`), hear('Works on')],
  ['kinds of resources', visit('/a/:account/settings', '?tab=resources'), hear(/Leave them/)],
  ['change a kind of resources', shows('resources/TypeDialog', press('Change Cases')), hear('When their owner leaves')],
];

export const ofOwnResources: Screen[] = [
  ['home of who works on cases', visit('/a/:account/home')],
  ['a case of who works on it', visit(resources, '/case/2026-014'), hear(/^Stays listed/)],
];

export const limited: Screen[] = [
  ['home of a user', visit('/a/:account/home')],
  ['users, for administrators', visit(users), hear('This page is for administrators')],
  ['settings, for administrators', visit('/a/:account/settings'), hear('This page is for administrators')],
  ['roles, for administrators', visit('/a/:account/roles/:role?'), hear('This page is for administrators')],
  ['billing, for administrators', visit('/a/:account/billing/:invoice?'), hear('This page is for administrators')],
  ['API keys, for administrators', visit(keys), hear('This page is for administrators')],
  ['activity, for administrators', visit('/a/:account/activity'), hear('This page is for administrators')],
];

export const onPhones: Screen[] = [['the navigation', visit('/a/:account/home'), shows('shell/Shell', press('Menu'))]];
