import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { answer, api } from '../api/client';

/** Begins a session in another of the reader's accounts and goes there. */
export function useSwitch(onward?: string) {
  const navigate = useNavigate();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (account: string) =>
      answer(api.POST('/v1/me/accounts/{account}/switch', { params: { path: { account } } })),
    onSuccess: (_started, account) => {
      cache.clear();
      navigate(onward ?? `/a/${account}`);
    },
  });
}
