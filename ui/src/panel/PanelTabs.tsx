import { Tabs, type TabsProps } from '@mantine/core';
import classes from './Panel.module.css';

/** The views of a panel. Of those that are put away, one may say that it is to be kept: for what is half written in it. */
export function PanelTabs(tabs: TabsProps) {
  return (
    <Tabs
      keepMounted={false}
      keepMountedMode="display-none"
      className={classes.views}
      classNames={{ list: classes.tabs, panel: classes.view }}
      {...tabs}
    />
  );
}
