import { ActionIcon, Alert, Anchor, Button, Modal, Stack, TextInput } from '@mantine/core';
import { IconArrowsUpDown } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { once } from '../api/client';
import { isProblem } from '../api/problem';
import { DialogFoot } from '../form/DialogFoot';
import { useUnsaved } from '../form/unsaved';
import { useFormats } from '../language/formats';
import { useProblems } from '../language/problems';
import { useFocusBack } from '../shell/focusBack';
import { amountOf, wrongWith } from './amount';
import classes from './MoveDialog.module.css';
import { useMove, type Wallet } from './moving';
import { useCompany, WalletField } from './WalletField';

/** Between whom the dialog begins. */
export interface Opening {
  from: Wallet | 'company';
  to?: Wallet | 'company';
}

interface MoveDialogProps {
  opening: Opening;
  onClose: () => void;
}

/** Moves credits between the company and people, with what both have afterwards. */
export default function MoveDialog({ opening, onClose }: MoveDialogProps) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const own = useCompany();
  const move = useMove();
  // One for the dialog: what is sent twice is done once.
  const [header] = useState(once);
  const [sides, setSides] = useState(opening);
  const [written, setWritten] = useState('');
  const [tried, setTried] = useState(false);
  const from = sides.from === 'company' ? own : sides.from;
  const to = sides.to === 'company' ? own : sides.to;
  const amount = amountOf(written);
  const { errors, refused } = useWrong({ from, to, written, tried, error: move.error });
  const count = { count: amount ?? 0, formatted: number(amount ?? 0) };
  useFocusBack();
  const close = useUnsaved(written !== '' || sides !== opening, onClose);

  // What was refused is said until something is changed.
  const change = (next: Partial<Opening>) => {
    move.reset();
    setSides({ ...sides, ...next });
  };
  const write = (text: string) => {
    move.reset();
    setWritten(text);
  };
  const submit = () => {
    setTried(true);
    if (!to || amount === undefined || wrongWith({ from, to, written })) return;
    move.mutate({ from, to, amount, header }, { onSuccess: onClose });
  };

  return (
    <Modal opened onClose={close} title={t('credits.move')} size={480}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="md">
          <Sides from={from} to={to} errors={errors} onChange={change} />
          <Amount
            value={written}
            onChange={write}
            most={from.credits}
            error={errors.amount}
            chosen={to !== undefined}
          />
          {to && <Afterwards from={from} to={to} amount={amount ?? 0} />}
          <DialogFoot
            refused={
              refused && (
                <Alert color="red" role="alert">
                  {refused}
                </Alert>
              )
            }
          >
            <Button variant="default" onClick={onClose}>
              {t('shell.cancel')}
            </Button>
            <Button type="submit" loading={move.isPending}>
              {amount === undefined ? t('credits.move') : t('credits.move_count', count)}
            </Button>
          </DialogFoot>
        </Stack>
      </form>
    </Modal>
  );
}

interface SidesProps {
  from: Wallet;
  to: Wallet | undefined;
  errors: Record<string, string>;
  onChange: (change: Partial<Opening>) => void;
}

/** From whom to whom, and the other way round. */
function Sides({ from, to, errors, onChange }: SidesProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.sides}>
      <Stack gap="md" className={classes.fields}>
        <WalletField
          label={t('credits.from')}
          side="from"
          value={from}
          onChange={(wallet) => onChange({ from: wallet })}
          error={errors.from}
        />
        <WalletField
          label={t('credits.to')}
          side="to"
          value={to}
          onChange={(wallet) => onChange({ to: wallet })}
          error={errors.to}
        />
      </Stack>
      <ActionIcon
        variant="default"
        size={36}
        aria-label={t('credits.swap')}
        disabled={!to || !from.receives}
        onClick={() => to && onChange({ from: to, to: from })}
      >
        <IconArrowsUpDown size={16} />
      </ActionIcon>
    </div>
  );
}

interface AmountProps {
  value: string;
  onChange: (written: string) => void;
  /** What there is to move. */
  most: number;
  error?: string;
  /** It is known from whom to whom, and this is what is left to write. */
  chosen: boolean;
}

function Amount({ value, onChange, most, error, chosen }: AmountProps) {
  const { t } = useTranslation();
  const { number } = useFormats();
  return (
    <TextInput
      label={t('credits.amount')}
      inputMode="numeric"
      autoComplete="off"
      data-autofocus={chosen || undefined}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
      rightSectionWidth={120}
      rightSectionProps={{ className: classes.all }}
      rightSection={
        most > 0 && (
          <Anchor component="button" type="button" size="sm" onClick={() => onChange(String(most))}>
            {t('credits.all_of', { formatted: number(most) })}
          </Anchor>
        )
      }
    />
  );
}

interface Attempt {
  from: Wallet;
  to: Wallet | undefined;
  written: string;
  tried: boolean;
  error: unknown;
}

/** What is not right yet, at its field; what belongs to no field stands by itself. */
function useWrong({ from, to, written, tried, error }: Attempt) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const { sentence, fields } = useProblems();
  const only = (count: number) => t('credits.only', { count, formatted: number(count), name: from.name });
  const none: { errors: Record<string, string>; refused?: string } = { errors: {} };

  if (isProblem(error, 'insufficient_credits')) {
    return { ...none, errors: { amount: only(Number(error.extra.balance ?? 0)) } };
  }
  if (isProblem(error, 'member_inactive')) return { ...none, errors: { to: t('credits.to_inactive') } };
  if (isProblem(error, 'invalid') && error.errors.length > 0) return { ...none, errors: fields(error) };
  if (error) return { ...none, refused: sentence(error) };

  const wrong = wrongWith({ from, to, written });
  if (!wrong || (!tried && wrong.code !== 'insufficient')) return none;
  const words = {
    required: t('field.required'),
    malformed: t('field.amount_malformed'),
    out_of_range: t('field.amount_out_of_range'),
    same: t('field.to_same'),
    insufficient: only(from.credits),
  };
  return { ...none, errors: { [wrong.field]: words[wrong.code] } };
}

/** What both will have. */
function Afterwards({ from, to, amount }: { from: Wallet; to: Wallet; amount: number }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const enough = amount <= from.credits;
  const lines = [
    { wallet: from, after: from.credits - amount },
    { wallet: to, after: to.credits + amount },
  ];
  if (from.id === to.id) return null;
  return (
    <dl className={classes.afterwards} aria-label={t('credits.afterwards')}>
      {lines.map(({ wallet, after }) => (
        <div key={wallet.id}>
          <dt>{wallet.name}</dt>
          <dd>{t('credits.before_after', { before: number(wallet.credits), after: enough ? number(after) : '–' })}</dd>
        </div>
      ))}
    </dl>
  );
}
