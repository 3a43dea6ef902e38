import { Modal } from '@mantine/core';
import { useRef, useState } from 'react';
import type { DepartureKind, Member } from '../api/schema';
import { Steps } from './Steps';

interface DepartureWizardProps {
  members: readonly Member[];
  how: DepartureKind;
  onClose: () => void;
}

/** Sees one or many off in one departure. Who is left out, or goes in another way, makes another plan. */
export default function DepartureWizard({ members, how, onClose }: DepartureWizardProps) {
  const [leaving, setLeaving] = useState(members);
  const [way, setWay] = useState(how);
  const leave = useRef(onClose);

  return (
    <Modal.Root opened onClose={() => leave.current()} size={640} padding="lg" centered closeOnClickOutside={false}>
      <Modal.Overlay />
      <Modal.Content>
        <Steps
          key={[way, ...leaving.map(({ id }) => id)].join(' ')}
          members={leaving}
          how={way}
          leave={leave}
          onHow={setWay}
          onWithout={(member) => setLeaving(leaving.filter(({ id }) => id !== member.id))}
          onClose={onClose}
        />
      </Modal.Content>
    </Modal.Root>
  );
}
