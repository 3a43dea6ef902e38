/** What a role may be allowed to do, as people think of it. */
export const families = [
  {
    key: 'people',
    permissions: ['members.read', 'members.manage', 'invitations.manage', 'departures.manage'],
  },
  {
    key: 'account',
    permissions: [
      'account.manage',
      'roles.manage',
      'keys.manage',
      'webhooks.manage',
      'events.read',
      'billing.manage',
      'templates.manage',
    ],
  },
  {
    key: 'work',
    permissions: ['resources.read', 'resources.assign', 'resources.manage', 'credits.manage', 'credits.spend'],
  },
] as const;
