import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { answer, api } from '../api/client';

/** Ends the reader's session, and forgets what was read in it. */
export function useSignOut() {
  const navigate = useNavigate();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => answer(api.POST('/v1/sign-out')),
    onSuccess: () => {
      navigate('/sign-in', { state: { done: 'signed_out' } });
      cache.clear();
    },
  });
}
