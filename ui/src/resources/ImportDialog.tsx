import { Alert, Button, Code, FileInput, Modal, Progress, Stack, Table, Text } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import type { ResourceType } from '../api/schema';
import { DialogFoot } from '../form/DialogFoot';
import { Refused } from '../form/Refused';
import { leave, useUnsaved } from '../form/unsaved';
import { useFormats } from '../language/formats';
import { useLookup } from '../language/lookup';
import { usePanelPath } from '../panel/panelPath';
import { useCornerNote } from '../shell/cornerNote';
import { useFocusBack } from '../shell/focusBack';
import { ImportNote } from './ImportNote';
import {
  forgetImport,
  type Importing,
  type ImportLine,
  mostRefused,
  startImporting,
  stopImporting,
  useImporting,
} from './importing';
import classes from './Resources.module.css';
import { useTypeWords } from './typeWords';

interface ImportDialogProps {
  type: ResourceType;
  onClose: () => void;
}

/** Takes a list of resources out of a file; what becomes of it can be watched or left. */
export default function ImportDialog({ type, onClose }: ImportDialogProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const importing = useImporting(account.id);
  useFocusBack();
  const note = useCornerNote();
  const pathOf = usePanelPath(`resources/${type.key}`);
  const putAside = () => {
    onClose();
    if (importing?.state !== 'running') {
      forgetImport();
      return;
    }
    note({
      id: 'importing',
      title: t('resources.import'),
      to: pathOf(),
      wish: 'import',
      children: (onShow) => <ImportNote account={account.id} onShow={onShow} />,
    });
  };
  return (
    <Modal opened onClose={() => leave(putAside)} title={t('resources.import')} size={600}>
      {importing ? <Going importing={importing} onLeave={putAside} /> : <Choose type={type} onClose={onClose} />}
    </Modal>
  );
}

function Choose({ type, onClose }: ImportDialogProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const cache = useQueryClient();
  const { one } = useTypeWords()(type);
  const [file, setFile] = useState<File | null>(null);
  useUnsaved(file !== null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (file) void startImporting(cache, account.id, file);
  };
  const example = `{"type":"${type.key}","id":"17","name":"…","owner":"mem_…"}`;
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text>{t('resources.import_why', { one })}</Text>
        <Code block>{example}</Code>
        <FileInput
          label={t('resources.file')}
          description={t('resources.file_hint')}
          placeholder={t('resources.file_choose')}
          accept=".ndjson,.jsonl,application/x-ndjson"
          leftSection={<IconFileText size={16} />}
          classNames={{ placeholder: classes.placeholder }}
          clearable
          clearButtonProps={{ 'aria-label': t('resources.file_drop') }}
          value={file}
          onChange={setFile}
        />
        <DialogFoot>
          <Button variant="default" onClick={onClose}>
            {t('shell.cancel')}
          </Button>
          <Button type="submit" disabled={!file || file.size === 0}>
            {t('resources.import_do')}
          </Button>
        </DialogFoot>
      </Stack>
    </form>
  );
}

/** How far it is, and what was left out and why. */
function Going({ importing, onLeave }: { importing: Importing; onLeave: () => void }) {
  const { t } = useTranslation();
  const { number, percent } = useFormats();
  const { state, sent, size, created, changed, unchanged, refused, error } = importing;
  const running = state === 'running';
  const part = size === 0 ? 1 : sent / size;
  return (
    <Stack gap="md">
      <div>
        <Text fw={500} mb={6}>
          {running && t('resources.import_at', { file: importing.file, part: percent(part) })}
          {state === 'done' && t('resources.import_done', { file: importing.file })}
          {state === 'stopped' && t('resources.import_stopped', { file: importing.file, part: percent(part) })}
        </Text>
        <Progress value={part * 100} aria-label={t('resources.import_progress')} />
      </div>
      <Text aria-live="polite" className="figures">
        {t('resources.import_counts', {
          created: number(created),
          changed: number(changed),
          unchanged: number(unchanged),
          refused: number(refused.length),
        })}
      </Text>
      <Refused error={error}> {t('resources.import_again')}</Refused>
      {error === undefined && state === 'stopped' && (
        <Alert color="orange">
          {refused.length > mostRefused ? t('resources.import_another_list') : t('resources.import_again')}
        </Alert>
      )}
      {refused.length > 0 && <LeftOut lines={refused} />}
      {running && <Text c="dimmed">{t('resources.import_leave')}</Text>}
      <DialogFoot>
        {running && (
          <Button variant="default" onClick={stopImporting}>
            {t('resources.import_stop')}
          </Button>
        )}
        <Button variant={running ? 'default' : 'filled'} onClick={onLeave}>
          {running ? t('resources.import_background') : t('invite.done')}
        </Button>
      </DialogFoot>
    </Stack>
  );
}

const shownRefusals = 100;

function LeftOut({ lines }: { lines: readonly ImportLine[] }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const why = useWhy();
  return (
    <div>
      <Table aria-label={t('resources.import_refused')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={96}>{t('resources.line')}</Table.Th>
            <Table.Th>{t('resources.why')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.slice(0, shownRefusals).map((line) => (
            <Table.Tr key={line.line}>
              <Table.Td className="figures">{number(line.line)}</Table.Td>
              <Table.Td>{why(line)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {lines.length > shownRefusals && (
        <Text c="dimmed" mt="xs">
          {t('resources.import_more', { more: number(lines.length - shownRefusals) })}
        </Text>
      )}
    </div>
  );
}

/** Why a line was left out, with the field that is meant. */
function useWhy() {
  const { t } = useTranslation();
  const lookup = useLookup();
  return ({ code = '', field, detail = '' }: ImportLine) => {
    const why = lookup(`resources.line_refused.${code}`) ?? detail;
    return field ? t('resources.import_field', { field, why }) : why;
  };
}
