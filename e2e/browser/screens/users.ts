import type { Screen } from '../screen';
import { expect } from '../stage';
import {
  away,
  choose,
  credits,
  fill,
  hear,
  hearInside,
  hold,
  keys,
  more,
  press,
  refuse,
  release,
  shows,
  tick,
  users,
  visit,
  type Way,
} from '../ways';

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

/** Opens the palette, which is loaded by then. */
const palette: Way = async (page) => {
  await page.getByRole('button', { name: 'Find a person or a page' }).click();
  await expect(page.getByRole('textbox', { name: 'Find a person or a page' })).toBeVisible();
};

export const pages: Screen[] = [
  ['an account', visit('/a/:account'), hear(/has access|have access/)],
  ['active users', visit(users)],
  ['the filter', shows('list/FilterButton', press('Filter'))],
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

export const onPhones: Screen[] = [['the navigation', visit('/a/:account/home'), shows('shell/Shell', press('Menu'))]];

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
  [
    'how far they are',
    shows('invitations/SentDialog', press('Show the result')),
    hearInside(/of 1 addresses done/),
    release,
  ],
];
