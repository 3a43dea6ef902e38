import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answer, api, once } from '../api/client';
import { useFormats } from '../language/formats';
import { useToast } from '../shell/toast';
import { company, useWalletName } from './wallet';

/** One end of a move: the company, or somebody of the account. */
export interface Wallet {
  id: string;
  name: string;
  /** Of somebody; the company has none. */
  email?: string;
  /** What is in it, as far as was read. */
  credits: number;
  /** Whether credits can go into it. */
  receives: boolean;
}

interface Move {
  from: Wallet;
  to: Wallet;
  amount: number;
}

interface Sent extends Move {
  /** The same for every try of one move, so that it is done once. */
  header: ReturnType<typeof once>;
  /** It takes back an earlier one, and so is not offered to be undone. */
  undoes?: boolean;
}

/** Moves credits and says so, with the way back where they can go back. */
export function useMove() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const cache = useQueryClient();
  const toast = useToast();
  const { number } = useFormats();
  const called = useWalletName();

  const move = useMutation({
    mutationFn: ({ from, to, amount, header }: Sent) =>
      answer(
        api.POST('/v1/accounts/{account}/credits/transfers', {
          params: { path: { account: account.id }, header },
          body: { from: from.id, to: to.id, amount },
        }),
      ),
    onSuccess: (_, { from, to, amount, undoes }) => {
      const back = () => move.mutate({ from: to, to: from, amount, header: once(), undoes: true });
      const names = { from: called(from.id, from.name), to: called(to.id, to.name) };
      const told = { count: amount, formatted: number(amount), ...names };
      if (undoes) toast.done(t('credits.moved_back', told));
      else toast.done(t('credits.moved', told), from.id === company || from.receives ? back : undefined);
    },
    onError: (error, { undoes }) => {
      // In the dialog the refusal stands where it belongs.
      if (undoes) toast.refused(error);
    },
    onSettled: () => cache.invalidateQueries({ queryKey: ['account', account.id] }),
  });
  return move;
}
