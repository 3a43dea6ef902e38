import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ComponentProps } from 'react';
import { usePlace } from '../account/place';
import { profileQuery } from '../api/queries';
import { nameOf } from '../me/name';
import { MemberPicker } from '../people/MemberPicker';

/** Somebody of the account; who may not list its members chooses themselves or nobody. */
export function PersonField(props: ComponentProps<typeof MemberPicker>) {
  const { can } = usePlace();
  return can('members.read') ? <MemberPicker {...props} /> : <Oneself {...props} />;
}

function Oneself({ active: _active, value, onChange, ...shown }: ComponentProps<typeof MemberPicker>) {
  const { session } = usePlace();
  const profile = useQuery(profileQuery).data;
  return (
    <Select
      clearable
      data={profile ? [{ value: session.member_id, label: nameOf(profile) }] : []}
      value={value || null}
      onChange={(member) => onChange(member ?? '')}
      {...shown}
    />
  );
}
