import { List, ThemeIcon } from '@mantine/core';
import {
  IconArmchair,
  IconArmchairOff,
  IconArrowBackUp,
  IconArrowsTransferUp,
  IconCoins,
  IconDeviceLaptop,
  IconDeviceLaptopOff,
  IconKeyOff,
  IconLock,
  IconMail,
  IconMailForward,
  IconMailOff,
  IconMapPin,
  IconPhone,
  IconPoint,
  IconUserCheck,
  IconUserX,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import classes from './Effects.module.css';
import type { Said } from './effectWords';

const icons: Record<string, ComponentType<{ size?: number; stroke?: number }>> = {
  access: IconLock,
  sessions_ended: IconDeviceLaptop,
  sessions_stay_ended: IconDeviceLaptopOff,
  keys_ended: IconKeyOff,
  invitations_reassigned: IconMailForward,
  invitations_withdrawn: IconMailOff,
  welcome: IconMail,
  phone_set: IconPhone,
  credits_moved: IconCoins,
  credits_kept: IconCoins,
  credits_returned: IconCoins,
  resources_transferred: IconArrowsTransferUp,
  resources_left: IconMapPin,
  resources_orphaned: IconMapPin,
  resources_kept: IconMapPin,
  resources_restored: IconMapPin,
  place_kept: IconUserCheck,
  place_removed: IconUserX,
  place_deleted: IconUserX,
  place_returns: IconArrowBackUp,
  seat_charge: IconArmchair,
  seat_credit: IconArmchairOff,
};

/** What something does, or did, line by line with its numbers and its money. */
export function Effects({ lines }: { lines: readonly Said[] }) {
  return (
    <List
      spacing="sm"
      listStyleType="none"
      withPadding={false}
      classNames={{ itemWrapper: classes.line, itemLabel: 'figures' }}
    >
      {lines.map(({ kind, text }) => {
        const Icon = icons[kind] ?? IconPoint;
        return (
          <List.Item
            key={`${kind} ${text}`}
            icon={
              <ThemeIcon variant="default" size={28} radius="xl">
                <Icon size={16} stroke={1.5} />
              </ThemeIcon>
            }
          >
            {text}
          </List.Item>
        );
      })}
    </List>
  );
}
