import { useLocation } from 'react-router';
import { usePlace } from '../account/place';

/** The address of a resource's panel over the list of its type as it is shown now; without an id, of the list. */
export function useResourcePath(type: string) {
  const { path } = usePlace();
  const { search } = useLocation();
  return (id?: string) => `${path(['resources', type, id].filter(Boolean).join('/'))}${search}`;
}
