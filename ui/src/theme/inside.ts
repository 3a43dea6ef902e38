import { createTheme, type MantineColorsTuple } from '@mantine/core';
import { shadesOf } from './accent';

const motion = 120;

/** What the screens inside an account add to the theme, and what its buttons to close are called; the sign-in page is weighed without it. */
export const insideTheme = (close: string) =>
  createTheme({
    colors: { violet: shadesOf('#6d3fb5') as unknown as MantineColorsTuple },
    components: {
      Alert: { defaultProps: { variant: 'light', radius: 'sm' } },
      Modal: {
        defaultProps: {
          transitionProps: { transition: 'fade', duration: motion },
          size: 560,
          centered: true,
          padding: 'lg',
        },
      },
      // A long name takes more than one line.
      ModalTitle: { defaultProps: { lh: 1.35 } },
      // A dialog's head is no banner of the page.
      ModalHeader: { defaultProps: { role: 'presentation' } },
      DrawerHeader: { defaultProps: { role: 'presentation' } },
      ModalCloseButton: { defaultProps: { 'aria-label': close } },
      DrawerCloseButton: { defaultProps: { 'aria-label': close } },
      Notification: { defaultProps: { closeButtonProps: { 'aria-label': close } } },
      ModalOverlay: { defaultProps: { backgroundOpacity: 0.4 } },
      DrawerRoot: { defaultProps: { transitionProps: { duration: motion }, size: 480, position: 'right' } },
      Menu: { defaultProps: { transitionProps: { duration: 90 }, shadow: 'md', withInitialFocusPlaceholder: false } },
      // What comes up belongs to the page it comes up from: every menu and every list of choices is a popover.
      Popover: {
        defaultProps: { transitionProps: { duration: 90 }, shadow: 'md', portalProps: { target: '#page' } },
      },
      Tooltip: { defaultProps: { transitionProps: { duration: 90 }, openDelay: 250 } },
      Badge: { defaultProps: { variant: 'default', radius: 'xs', tt: 'none', fw: 500 } },
      Table: { defaultProps: { borderColor: 'var(--line)' } },
      Skeleton: { defaultProps: { radius: 'xs' } },
    },
  });
