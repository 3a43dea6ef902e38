import { DataList, type DataListProps } from '@mantine/core';
import type { ReactNode } from 'react';

interface FactListProps extends DataListProps {
  /** A fact without a value is left out. */
  facts: readonly { label: string; value: ReactNode }[];
}

/** What is known of one thing, each fact behind its name. */
export function FactList({ facts, ...list }: FactListProps) {
  return (
    <DataList orientation="horizontal" labelWidth={132} {...list}>
      {facts
        .filter(({ value }) => value)
        .map(({ label, value }) => (
          <DataList.Item key={label}>
            <DataList.ItemLabel>{label}</DataList.ItemLabel>
            <DataList.ItemValue>{value}</DataList.ItemValue>
          </DataList.Item>
        ))}
    </DataList>
  );
}
