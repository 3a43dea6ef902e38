import { useProblems } from '../language/problems';
import { Note } from './Note';

/** Why the server refused, above the form it refused. Nothing without an error. */
export function Refused({ error }: { error: unknown }) {
  const { sentence } = useProblems();
  if (error === undefined || error === null) return null;
  return <Note tone="refused">{sentence(error)}</Note>;
}
