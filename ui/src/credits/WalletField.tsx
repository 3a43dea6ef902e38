import { Select, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { useFormats } from '../language/formats';
import { PersonOption } from '../people/PersonOption';
import { holdersQuery, summaryQuery } from './creditsQuery';
import type { Wallet } from './moving';
import { company } from './wallet';

interface WalletFieldProps {
  label: string;
  /** Wallets to take from, or to give to. */
  side: 'from' | 'to';
  value: Wallet | undefined;
  onChange: (wallet: Wallet) => void;
  error?: ReactNode;
}

/** The company or somebody of the account, found by name, each with what they have. */
export function WalletField({ label, side, value, onChange, error }: WalletFieldProps) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const [typed, setTyped] = useState('');
  const [asked] = useDebouncedValue(typed.trim(), 150);
  const wallets = useWallets(side, asked === value?.name ? '' : asked);
  const offered = value && !wallets.some(({ id }) => id === value.id) ? [...wallets, value] : wallets;

  return (
    <Select
      label={label}
      placeholder={t('users.search')}
      searchable
      allowDeselect={false}
      // The server has searched already.
      filter={({ options }) => options}
      data={offered.map(({ id, name }) => ({ value: id, label: name }))}
      value={value?.id ?? null}
      onChange={(id) => {
        const chosen = offered.find((wallet) => wallet.id === id);
        if (chosen) onChange(chosen);
      }}
      onSearchChange={setTyped}
      nothingFoundMessage={t('activity.nobody_found')}
      renderOption={({ option }) => {
        const wallet = offered.find(({ id }) => id === option.value);
        return (
          <PersonOption name={option.label} email={wallet?.email}>
            <Text span c="dimmed" className="figures">
              {number(wallet?.credits ?? 0)}
            </Text>
          </PersonOption>
        );
      }}
      error={error}
    />
  );
}

/** The company's wallet, as far as it is read. */
export function useCompany(): Wallet {
  const { t } = useTranslation();
  const { account } = usePlace();
  const summary = useQuery(summaryQuery(account.id)).data;
  return {
    id: company,
    name: t('credits.company', { account: account.name }),
    credits: summary?.company ?? 0,
    receives: true,
  };
}

/** To take from: who has most first. To give to: who is active, by name. */
function useWallets(side: 'from' | 'to', q: string): Wallet[] {
  const { account } = usePlace();
  const own = useCompany();
  const wanted = side === 'from' ? { q, sort: '-credits' as const } : { q, sort: 'name' as const, active: true };
  const { data } = useInfiniteQuery({ ...holdersQuery(account.id, wanted), placeholderData: keepPreviousData });
  const people = (data?.pages[0]?.items ?? []).map(({ id, name, email, credits, status }) => ({
    id,
    name,
    email,
    credits,
    receives: status === 'active',
  }));
  const fitting = side === 'from' ? people.filter(({ credits }) => credits > 0) : people;
  return q === '' || own.name.toLowerCase().includes(q.toLowerCase()) ? [own, ...fitting] : fitting;
}
