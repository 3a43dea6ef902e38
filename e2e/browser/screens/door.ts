import type { Cast } from '../cast';
import { password } from '../company';
import type { Screen } from '../screen';
import { answer, fill, follow, hear, item, press, refuse, release, shows, users, visit, type Way } from '../ways';

const signIn = (email: string | ((cast: Cast) => string), secret: string): Way[] => [
  visit('/sign-in'),
  fill('E-mail address', email),
  fill('Password', secret),
  press('Sign in'),
];

const askForAccount = (email: string): Way[] => [
  visit('/sign-up'),
  fill('Company name', 'Ocean Messaging'),
  fill('First name', 'Wilma'),
  fill('Last name', 'Sterk'),
  fill('E-mail address', email),
  press('Create account'),
];

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

export const secondSteps: Screen[] = [
  ['the second step', ...signIn(({ people }) => people.mila?.email ?? '', password), hear('One more step')],
  ['the second step, refused', fill('Code', '000000'), press('Sign in'), hear(/^This code is not right/)],
  ['the second step by a recovery code', press('Use a recovery code'), hear(/^Type one of the recovery codes/)],
];
