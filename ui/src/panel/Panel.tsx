import { Button, Drawer, Group, Modal, Text } from '@mantine/core';
import { type ReactNode, type RefObject, Suspense, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { covered } from '../shell/layers';
import { PanelSkeleton } from './PanelSkeleton';
import { UnsavedProvider } from './unsaved';

interface PanelProps {
  /** What the panel is about, while it is open. */
  open: string | undefined;
  label: string;
  onClose: () => void;
  children: (about: string) => ReactNode;
}

/**
 * The panel beside a list. It listens to Escape unless a dialog lies over it, and asks before it closes over a form
 * with something unsaved.
 */
export function Panel({ open, label, onClose, children }: PanelProps) {
  const shown = useLast(open);
  const content = useRef<HTMLDivElement>(null);
  const [unsaved] = useState(() => new Set<string>());
  const [asking, setAsking] = useState(false);
  const close = () => (unsaved.size > 0 ? setAsking(true) : onClose());
  useEscape(open !== undefined, content, close);

  return (
    <>
      <Drawer.Root opened={open !== undefined} onClose={close} closeOnEscape={false}>
        <Drawer.Overlay backgroundOpacity={0.15} />
        <Drawer.Content ref={content} aria-label={label}>
          <UnsavedProvider value={unsaved}>
            <Suspense fallback={<PanelSkeleton />}>{shown !== undefined && children(shown)}</Suspense>
          </UnsavedProvider>
        </Drawer.Content>
      </Drawer.Root>
      {asking && (
        <Leave
          onStay={() => setAsking(false)}
          onLeave={() => {
            setAsking(false);
            onClose();
          }}
        />
      )}
    </>
  );
}

interface LeaveProps {
  onStay: () => void;
  onLeave: () => void;
}

function Leave({ onStay, onLeave }: LeaveProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onStay}
      title={t('shell.unsaved')}
      size={440}
      closeButtonProps={{ 'aria-label': t('shell.close') }}
    >
      <Text>{t('shell.unsaved_why')}</Text>
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" data-autofocus onClick={onStay}>
          {t('shell.unsaved_stay')}
        </Button>
        <Button color="red" onClick={onLeave}>
          {t('shell.unsaved_leave')}
        </Button>
      </Group>
    </Modal>
  );
}

/** Keeps what was shown while the panel slides away. */
function useLast(open: string | undefined): string | undefined {
  const [last, setLast] = useState(open);
  if (open !== undefined && open !== last) setLast(open);
  return open ?? last;
}

/**
 * Closes on Escape what no dialog lies over. It listens from the moment it is opened, and so before the dialogs that
 * come up later: the one that closes with the same key still lies over it.
 */
function useEscape(opened: boolean, layer: RefObject<Element | null>, close: () => void): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    // A list of choices or a menu closes by itself first.
    const taken = (event.target as Element | null)?.getAttribute('data-mantine-stop-propagation') === 'true';
    if (event.key === 'Escape' && !event.isComposing && !taken && !covered(layer.current)) close();
  });
  useEffect(() => {
    if (!opened) return;
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [opened]);
}
