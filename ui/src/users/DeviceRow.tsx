import { Button, Text } from '@mantine/core';
import { IconDeviceLaptop, IconDeviceMobile } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Device } from '../api/schema';
import { When } from '../language/When';
import classes from './DevicesView.module.css';
import { deviceOf } from './deviceName';

interface DeviceRowProps {
  device: Device;
  /** Ends the session on it, where the reader may; hears what the device is called. */
  onEnd: ((name: string) => void) | undefined;
  ending: boolean;
}

/** Where somebody is signed in, since when nobody was there, and its end. */
export function DeviceRow({ device, onEnd, ending }: DeviceRowProps) {
  const { t } = useTranslation();
  const { browser, system, mobile } = deviceOf(device.device);
  const name = browser && system ? t('me.device', { browser, system }) : browser || system || t('me.unknown_device');
  const Icon = mobile ? IconDeviceMobile : IconDeviceLaptop;
  return (
    <li className={classes.device}>
      <Icon size={20} stroke={1.5} className={classes.icon} aria-hidden />
      <div className={classes.words}>
        <Text fw={500} truncate title={name}>
          {name}
        </Text>
        <Text size="xs" c="dimmed">
          {device.ip} · {device.current ? t('me.this_device') : <When at={device.last_seen_at} />}
        </Text>
      </div>
      {onEnd && (
        <Button
          variant="subtle"
          size="compact-sm"
          color="red"
          loading={ending}
          aria-label={t('me.end_device', { name })}
          onClick={() => onEnd(name)}
        >
          {t('me.end')}
        </Button>
      )}
    </li>
  );
}
