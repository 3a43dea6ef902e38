import { Authenticator } from '../authenticator';
import type { Screen } from '../screen';
import {
  away,
  fill,
  hear,
  item,
  keys,
  member,
  more,
  press,
  refuse,
  release,
  rule,
  shows,
  users,
  visit,
  type Way,
  waits,
} from '../ways';

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

export const limited: Screen[] = [
  ['home of a user', visit('/a/:account/home')],
  ['users, for administrators', visit(users), hear('This page is for administrators')],
  ['settings, for administrators', visit('/a/:account/settings'), hear('This page is for administrators')],
  ['roles, for administrators', visit('/a/:account/roles/:role?'), hear('This page is for administrators')],
  ['billing, for administrators', visit('/a/:account/billing/:invoice?'), hear('This page is for administrators')],
  ['API keys, for administrators', visit(keys), hear('This page is for administrators')],
  ['activity, for administrators', visit('/a/:account/activity'), hear('This page is for administrators')],
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
