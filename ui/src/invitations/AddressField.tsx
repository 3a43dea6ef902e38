import { Anchor, FileButton, Group, Pill, PillsInput, Text, VisuallyHidden } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { type ClipboardEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../language/formats';
import classes from './AddressField.module.css';
import { add, type Entry, ready, split, splitFile, without, wrong, wrongInDraft } from './addresses';

interface AddressFieldProps {
  list: readonly Entry[];
  onChange: (list: Entry[]) => void;
  draft: string;
  onDraft: (draft: string) => void;
  /** The only domains that may be invited; empty: all. */
  domains: readonly string[];
}

/** How many chips are drawn: more would only slow the typing down. */
const drawn = 100;

/** Addresses as chips: typed, pasted or dropped as a file; one that cannot be invited is red and says why. */
export function AddressField({ list, onChange, draft, onDraft, domains }: AddressFieldProps) {
  const { t } = useTranslation();
  const { number, list: enumerate } = useFormats();
  const [over, setOver] = useState(false);
  const [empty, setEmpty] = useState<readonly string[]>([]);
  const hint = useId();
  const bad = wrongInDraft(draft, domains);

  const good = ready(list).length;
  const field = useRef<HTMLInputElement>(null);

  // The next address is written after the last, also where that is below the edge of the box.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is the trigger
  useEffect(() => {
    const box = field.current?.closest(`.${classes.box}`);
    if (box) box.scrollTop = box.scrollHeight;
  }, [list.length]);

  const take = (emails: readonly string[]) => emails.length > 0 && onChange(add(list, emails, domains));
  const commit = () => {
    take(split(draft));
    onDraft('');
  };
  const takeFiles = async (files: readonly File[]) => {
    const found = (await Promise.all(files.map((file) => file.text()))).flatMap(splitFile);
    setEmpty(found.length === 0 ? files.map(({ name }) => name) : []);
    take(found);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const ends = ['Enter', ',', ';'].includes(event.key) || (event.key === ' ' && draft.includes('@'));
    if (ends && draft.trim()) {
      event.preventDefault();
      commit();
    } else if (event.key === 'Enter') {
      event.preventDefault();
    } else if (event.key === 'Backspace' && !draft && list.length > 0) {
      event.preventDefault();
      edit(list.at(-1));
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData('text');
    if (!/[\s,;<]/.test(text.trim())) return;
    event.preventDefault();
    take(split(draft + text));
    onDraft('');
  };
  useDrop((dropped) => {
    setOver(false);
    if (dropped.files.length > 0) void takeFiles([...dropped.files]);
    else take(split(dropped.getData('text')));
  });
  const edit = (entry: Entry | undefined) => {
    if (!entry) return;
    onChange(without(list, entry.id, domains));
    onDraft(entry.email);
  };

  return (
    <section aria-label={t('invite.addresses')} onDragOver={() => setOver(true)} onDragLeave={() => setOver(false)}>
      <PillsInput
        label={t('invite.addresses')}
        description={<span id={hint}>{t('invite.addresses_hint')}</span>}
        error={bad && t('invite.draft', { email: bad.email, reason: t(`invite.reason.${bad.reason}`) })}
        classNames={{ input: classes.box }}
        data-over={over || undefined}
      >
        <Pill.Group gap={6}>
          {chipsOf(list).map((entry) => (
            <Chip
              key={entry.id}
              entry={entry}
              onEdit={() => edit(entry)}
              onRemove={() => onChange(without(list, entry.id, domains))}
            />
          ))}
          {list.length > drawn && (
            <Text size="sm" c="dimmed" className="figures">
              {t('invite.more_chips', { more: number(list.length - drawn) })}
            </Text>
          )}
          <PillsInput.Field
            ref={field}
            data-autofocus
            value={draft}
            onChange={(event) => onDraft(event.currentTarget.value)}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
            onBlur={commit}
            aria-describedby={hint}
            placeholder={list.length === 0 ? t('invite.placeholder') : undefined}
            inputMode="email"
            autoComplete="off"
            spellCheck={false}
          />
        </Pill.Group>
      </PillsInput>
      <Group justify="space-between" mt={6} gap="xs">
        <Text size="xs" c="dimmed" className="figures" aria-live="polite">
          {good > 0 && t('invite.count', { count: good, formatted: number(good) })}
        </Text>
        <FileButton multiple onChange={takeFiles} accept=".csv,.txt,text/csv,text/plain">
          {(props) => (
            <Anchor component="button" type="button" size="xs" {...props}>
              <IconUpload size={12} aria-hidden /> {t('invite.file')}
            </Anchor>
          )}
        </FileButton>
      </Group>
      {empty.length > 0 && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {t('invite.no_addresses', { files: enumerate(empty) })}
        </Text>
      )}
      <Wrong list={list} onRemove={() => onChange(list.filter((entry) => !entry.reason))} />
    </section>
  );
}

/** Takes what is dropped anywhere on the page: beside the field the browser would open it, and all that was typed were gone. */
function useDrop(onDrop: (dropped: DataTransfer) => void): void {
  const latest = useRef(onDrop);
  useEffect(() => {
    latest.current = onDrop;
  });
  useEffect(() => {
    const keep = (event: DragEvent) => event.preventDefault();
    const take = (event: DragEvent) => {
      event.preventDefault();
      if (event.dataTransfer) latest.current(event.dataTransfer);
    };
    window.addEventListener('dragover', keep);
    window.addEventListener('drop', take);
    return () => {
      window.removeEventListener('dragover', keep);
      window.removeEventListener('drop', take);
    };
  }, []);
}

/** Those that are wrong come first, so that none of them hides behind many that are right. */
function chipsOf(list: readonly Entry[]): readonly Entry[] {
  if (list.length <= drawn) return list;
  return [...wrong(list), ...list.filter((entry) => !entry.reason)].slice(0, drawn);
}

interface ChipProps {
  entry: Entry;
  onEdit: () => void;
  onRemove: () => void;
}

function Chip({ entry, onEdit, onRemove }: ChipProps) {
  const { t } = useTranslation();
  const why = entry.reason && t(`invite.reason.${entry.reason}`);
  return (
    <Pill
      withRemoveButton
      onRemove={onRemove}
      removeButtonProps={{ 'aria-label': t('invite.remove_address', { email: entry.email }), 'aria-hidden': false }}
      className={classes.chip}
      data-wrong={why ? true : undefined}
      title={why ?? t('invite.edit_address')}
      onDoubleClick={onEdit}
    >
      {entry.email}
      {why && <VisuallyHidden> ({why})</VisuallyHidden>}
    </Pill>
  );
}

const named = 4;

/** What is wrong with which address, and a way to be rid of them all. */
function Wrong({ list, onRemove }: { list: readonly Entry[]; onRemove: () => void }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const bad = wrong(list);
  if (bad.length === 0) return null;
  return (
    <div className={classes.wrong} role="status">
      <ul>
        {bad.slice(0, named).map((entry) => (
          <li key={entry.id}>
            <strong>{entry.email}</strong> {entry.reason && t(`invite.reason.${entry.reason}`)}
          </li>
        ))}
        {bad.length > named && <li>{t('invite.more_wrong', { more: number(bad.length - named) })}</li>}
      </ul>
      <Anchor component="button" type="button" size="xs" onClick={onRemove}>
        {t('invite.remove_wrong', { count: bad.length })}
      </Anchor>
    </div>
  );
}
