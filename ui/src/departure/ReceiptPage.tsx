import { Button, Code, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconDownload, IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { usePlace } from '../account/place';
import type { Departure, Receipt } from '../api/schema';
import { useFormats } from '../language/formats';
import { ListProblem } from '../list/ListProblem';
import { usePeople } from '../people/people';
import { Allowed } from '../shell/Allowed';
import { FactList } from '../shell/FactList';
import { Mark } from '../shell/Mark';
import { PageHead } from '../shell/PageHead';
import { departureQuery, receiptQuery } from './departureQuery';
import { Effects } from './Effects';
import { useEffectWords } from './effectWords';
import classes from './ReceiptPage.module.css';
import { checkOf, saveReceipt } from './receipt';

/** What was done when somebody left, as a page to print and to keep. */
export default function ReceiptPage() {
  const { t } = useTranslation();
  return (
    <Allowed permission="departures.manage" title={t('receipt.title')}>
      <Kept />
    </Allowed>
  );
}

function Kept() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { departure: id = '' } = useParams();
  const receipt = useQuery(receiptQuery(account.id, id));
  const departure = useQuery(departureQuery(account.id, id));
  const { data } = receipt;
  const refused = [receipt, departure].find(({ error }) => error);
  return (
    <>
      <div className={classes.screen}>
        <PageHead
          title={t('receipt.title')}
          lead={t('receipt.lead')}
          actions={
            data && (
              <>
                <Button variant="default" leftSection={<IconDownload size={16} />} onClick={() => saveReceipt(data)}>
                  {t('receipt.save')}
                </Button>
                <Button leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
                  {t('receipt.print')}
                </Button>
              </>
            )
          }
        />
      </div>
      {refused && <ListProblem error={refused.error} retry={refused.refetch} />}
      {!refused && (!data || !departure.data) && <Skeleton h={480} />}
      {data && departure.data && <Sheet receipt={data} departure={departure.data} />}
    </>
  );
}

/** How many are called by their names; of more the addresses say enough. */
const named = 20;

function Sheet({ receipt, departure }: { receipt: Receipt; departure: Departure }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const dates = useFormats();
  const { by, members } = receipt;
  const people = members.length > named ? [] : members.map(({ member }) => member);
  const nameOf = usePeople(by.kind === 'member' ? [by.id] : [], departure.people);
  const doer = by.kind === 'member' ? nameOf(by.id) : t(`receipt.by.${by.kind}`);
  const facts = [
    { label: t('receipt.what'), value: t(`receipt.kind.${departure.kind}`, { count: members.length }) },
    { label: t('receipt.when'), value: dates.exact(receipt.applied_at) },
    { label: t('receipt.when_utc'), value: <span className="figures">{receipt.applied_at}</span> },
    { label: t('receipt.by_whom'), value: doer },
    { label: t('receipt.since'), value: departure.state === 'undone' && t('receipt.undone') },
  ];

  return (
    <article className={classes.sheet}>
      <header className={classes.head}>
        <Mark account={account} size={32} />
        <div>
          <Text fw={600}>{account.name}</Text>
          <Title order={2}>{t('receipt.heading')}</Title>
        </div>
      </header>
      <FactList labelWidth={160} className={classes.facts} facts={facts} />
      {members.map((left) => (
        <Left key={left.member} left={left} departure={departure} name={people.length > 0 ? nameOf(left.member) : ''} />
      ))}
      <Proof receipt={receipt} />
    </article>
  );
}

interface LeftProps {
  left: Receipt['members'][number];
  departure: Departure;
  name: string;
}

/** One who left: who they were, what ended, and what became of what they held. */
function Left({ left, departure, name }: LeftProps) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const counted = ['sessions_ended', 'keys_ended'];
  const effects = left.effects.filter(({ kind, count }) => count !== 0 && !counted.includes(kind));
  const say = useEffectWords(departure.people, departure.kind);
  const email = left.email || t('activity.former');
  return (
    <section className={classes.left}>
      <Title order={3}>{name || email}</Title>
      <Text c="dimmed" className={classes.long}>
        {name && left.email ? `${left.email} · ${left.member}` : left.member}
      </Text>
      <dl className={classes.numbers}>
        <div>
          <dt>{t('receipt.sessions')}</dt>
          <dd className="figures">{number(left.sessions_ended)}</dd>
        </div>
        <div>
          <dt>{t('receipt.keys')}</dt>
          <dd className="figures">{number(left.keys_ended)}</dd>
        </div>
      </dl>
      <Effects lines={effects.map((effect) => say(effect, 'after'))} />
    </section>
  );
}

/** What makes it worth keeping: the end of the trail at that moment, the signature, and how both are checked. */
function Proof({ receipt }: { receipt: Receipt }) {
  const { t } = useTranslation();
  const { chain_head: head, key_id, signature, departure } = receipt;
  const long = (text: string) => <span className={classes.code}>{text}</span>;
  return (
    <section className={classes.proof}>
      <Title order={3} mb="sm">
        {t('receipt.proof')}
      </Title>
      <FactList
        labelWidth={160}
        className={classes.facts}
        facts={[
          { label: t('receipt.departure'), value: long(departure) },
          { label: t('receipt.entry'), value: <span className="figures">{head.seq}</span> },
          { label: t('receipt.head'), value: long(head.hash) },
          { label: t('receipt.key'), value: long(key_id) },
          { label: t('receipt.signature'), value: long(signature) },
        ]}
      />
      <Stack gap="xs" mt="md">
        <Text>{t('receipt.check')}</Text>
        <Code block>{checkOf(receipt)}</Code>
        <Text size="sm" c="dimmed">
          {t('receipt.check_how')}
        </Text>
      </Stack>
    </section>
  );
}
