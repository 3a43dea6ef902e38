import { useLocation } from 'react-router';
import { usePlace } from '../account/place';

/**
 * The address of a panel over the list of a page (`users`, `resources/pin`) as
 * it is shown now; without an id, of the list.
 */
export function usePanelPath(page: string) {
  const { path } = usePlace();
  const { search } = useLocation();
  return (id?: string) => `${path(id ? `${page}/${id}` : page)}${search}`;
}
