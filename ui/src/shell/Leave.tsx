import { Button, Modal, Stack, Text } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { DialogFoot } from '../form/DialogFoot';
import { leave, somethingUnsaved, useAsked } from '../form/unsaved';

/** Asks before the reader goes with something unsaved, whichever way they go. */
export function Leave() {
  const { t } = useTranslation();
  const [asked, { stay, go }] = useAsked();
  useLinks();
  if (!asked) return null;
  return (
    <Modal opened onClose={stay} title={t('shell.unsaved')} size={440}>
      <Stack gap="lg">
        <Text>{asked.why ?? t('shell.unsaved_why')}</Text>
        <DialogFoot>
          <Button variant="default" data-autofocus onClick={stay}>
            {t('shell.unsaved_stay')}
          </Button>
          <Button color="red" onClick={go}>
            {t('shell.unsaved_leave')}
          </Button>
        </DialogFoot>
      </Stack>
    </Modal>
  );
}

/** Links to another page of the app. The browser asks by itself before it loads a page anew. */
function useLinks(): void {
  const navigate = useNavigate();
  useWindowEvent(
    'click',
    (event) => {
      if (!somethingUnsaved() || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const link = (event.target as Element).closest?.('a[href^="/a/"]:not([target])');
      const to = link?.getAttribute('href');
      if (!to) return;
      // Its own handlers hear of it and go nowhere: a menu closes.
      event.preventDefault();
      leave(() => navigate(to));
    },
    { capture: true },
  );
}
