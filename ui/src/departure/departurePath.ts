import { useLocation } from 'react-router';
import { usePlace } from '../account/place';

/** The address of a departure's panel over the list as it is shown now; without an id, of the list. */
export function useDeparturePath() {
  const { path } = usePlace();
  const { search } = useLocation();
  return (id?: string) => `${path(id ? `departures/${id}` : 'departures')}${search}`;
}
