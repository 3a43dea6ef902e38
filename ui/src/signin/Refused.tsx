import { Alert } from '@mantine/core';
import { useProblems } from '../language/problems';

/** Why the server refused, above the form it refused. Nothing without an error. */
export function Refused({ error }: { error: unknown }) {
  const { sentence } = useProblems();
  if (error === undefined || error === null) return null;
  return (
    <Alert color="red" role="alert">
      {sentence(error)}
    </Alert>
  );
}
