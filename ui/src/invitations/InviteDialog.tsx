import { Button, Modal, Stack } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace, useWords } from '../account/place';
import { modulesQuery, subAccountsQuery } from '../api/queries';
import { InvitePrice } from '../billing/InvitePrice';
import { DialogFoot } from '../form/DialogFoot';
import { useUnsaved } from '../form/unsaved';
import { type Again, useDialogs } from '../users/dialog';
import { fitting, lacksModule } from '../users/grants';
import { useRights } from '../users/rights';
import { AddressField } from './AddressField';
import { add, type Entry, ready, split, wrong } from './addresses';
import { useLeaving } from './leaving';
import { Sent } from './Sent';
import { startSending, type Terms, useSending } from './sending';
import { TermsFields } from './TermsFields';

interface InviteDialogProps {
  /** What to begin with. */
  again?: Again | undefined;
  onClose: () => void;
}

const emailsOf = (list: readonly Entry[]) => list.map((entry) => entry.email);

type Step = 'addresses' | 'terms' | 'sent';

/** Who is invited, what to, and what became of each. */
export default function InviteDialog({ again, onClose }: InviteDialogProps) {
  const { t, i18n } = useTranslation();
  const words = useWords();
  const { account } = usePlace();
  const { grantable } = useRights();
  const modules = useQuery(modulesQuery(account.id)).data ?? [];
  const subAccounts = useQuery(subAccountsQuery(account.id)).data ?? [];
  const cache = useQueryClient();
  const sending = useSending(account.id);
  const leave = useLeaving(onClose);
  const { email_domains: domains } = account.policy;
  const open = useDialogs();
  const cancel = () => (again?.back ? open(again.back) : onClose());

  const [step, setStep] = useState<Step>(sending?.state === 'running' ? 'sent' : 'addresses');
  const [list, setList] = useState<Entry[]>(() => add([], again?.emails ?? [], domains));
  const [draft, setDraft] = useState('');
  const [terms, setTerms] = useState<Terms>(
    again?.terms ?? {
      role: grantable.at(-1)?.key ?? '',
      modules: [],
      sub_accounts: [],
      message: '',
      locale: i18n.language,
    },
  );
  const [tried, setTried] = useState(false);
  const role = grantable.find((one) => one.key === terms.role);
  const hasGrants = modules.length > 0 || subAccounts.length > 0;

  // What is still in the box counts: nobody should lose an address for not having pressed Enter.
  const settled = draft.trim() ? add(list, split(draft), domains) : list;
  const sendable = ready(settled);
  const blocked = sendable.length === 0 || wrong(settled).length > 0;
  const begun = again?.emails.length ?? 0;
  const written = step !== 'sent' && (settled.length !== begun || terms.message !== (again?.terms?.message ?? ''));
  const close = useUnsaved(written, cancel);
  const take = () => {
    setList(settled);
    setDraft('');
  };
  const price = <InvitePrice emails={emailsOf(sendable)} grants={fitting(terms, role, modules)} />;
  const send = () => {
    take();
    startSending(cache, account.id, emailsOf(sendable), { ...terms, ...fitting(terms, role, modules) });
    setStep('sent');
  };

  return (
    <Modal
      opened
      onClose={step === 'sent' ? leave : close}
      size={600}
      title={step === 'terms' ? words.setPermission : step === 'sent' ? t('invite.sent_title') : words.inviteUsers}
    >
      {step === 'addresses' && (
        <Stack gap="lg">
          <AddressField list={list} onChange={setList} draft={draft} onDraft={setDraft} domains={domains} />
          {!hasGrants && <TermsFields value={terms} onChange={setTerms} />}
          <DialogFoot note={!hasGrants && price}>
            <Button variant="default" onClick={cancel}>
              {t('shell.cancel')}
            </Button>
            {hasGrants ? (
              <Button
                disabled={blocked}
                onClick={() => {
                  take();
                  setStep('terms');
                }}
              >
                {words.setPermission}
              </Button>
            ) : (
              <Button disabled={blocked} onClick={send}>
                {words.sendInvites}
              </Button>
            )}
          </DialogFoot>
        </Stack>
      )}
      {step === 'terms' && (
        <Stack gap="lg">
          <TermsFields value={terms} onChange={setTerms} tried={tried} invited={emailsOf(sendable)} />
          <DialogFoot apart note={price}>
            <Button variant="default" onClick={() => setStep('addresses')}>
              {t('invite.back')}
            </Button>
            <Button disabled={blocked} onClick={() => (lacksModule(terms, role) ? setTried(true) : send())}>
              {words.sendInvites}
            </Button>
          </DialogFoot>
        </Stack>
      )}
      {step === 'sent' && <Sent onClose={leave} />}
    </Modal>
  );
}
