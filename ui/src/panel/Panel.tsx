import { Drawer } from '@mantine/core';
import { type ReactNode, type RefObject, Suspense, useEffect, useEffectEvent, useRef, useState } from 'react';
import { leave } from '../form/unsaved';
import { covered } from '../shell/layers';
import { PanelSkeleton } from './PanelSkeleton';

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
  const close = () => leave(onClose);
  useEscape(open !== undefined, content, close);

  return (
    <Drawer.Root opened={open !== undefined} onClose={close} closeOnEscape={false}>
      <Drawer.Overlay backgroundOpacity={0.15} />
      <Drawer.Content ref={content} aria-label={label}>
        <Suspense fallback={<PanelSkeleton />}>{shown !== undefined && children(shown)}</Suspense>
      </Drawer.Content>
    </Drawer.Root>
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
