import { Modal } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DepartureKind, Member } from '../api/schema';
import { nameOf } from '../me/name';
import { OneDeparture } from './OneDeparture';

interface DepartureWizardProps {
  members: readonly Member[];
  how: DepartureKind;
  onClose: () => void;
}

/** Sees people off, one after the other, each with a plan, a confirmation by name and a receipt. */
export default function DepartureWizard({ members, how, onClose }: DepartureWizardProps) {
  const { t } = useTranslation();
  const [place, setPlace] = useState(0);
  const member = members[place];
  if (!member) return null;
  const next = members[place + 1];
  const title = t(`departure.title.${how}`, { name: nameOf(member) });

  return (
    <Modal.Root
      opened
      onClose={() => {}}
      size={560}
      padding="lg"
      centered
      closeOnEscape={false}
      closeOnClickOutside={false}
    >
      <Modal.Overlay />
      <Modal.Content>
        <OneDeparture
          key={member.id}
          member={member}
          how={how}
          title={members.length > 1 ? t('departure.in_turn', { title, place: place + 1, all: members.length }) : title}
          next={next && nameOf(next)}
          onNext={() => setPlace(place + 1)}
          onClose={onClose}
        />
      </Modal.Content>
    </Modal.Root>
  );
}
