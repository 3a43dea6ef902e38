import type { Cast } from '../cast';
import type { Screen } from '../screen';
import { departing, fill, hear, item, member, more, press, rule, shows, tick, users, visit, type Way } from '../ways';

const enter: Way = (page) => page.keyboard.press('Enter');

/** One who can be invited, one who is in already, and one whom nobody can reach for long. */
const mixed = ({ company, people }: Cast) => `${company.address('one')}, ${people.nora?.email}, two@mailinator.com`;

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
