import { Alert, type AlertProps } from '@mantine/core';
import { isProblem } from '../api/problem';
import { ToBilling } from '../billing/ToBilling';
import { useProblems } from '../language/problems';

interface RefusedProps extends AlertProps {
  error: unknown;
}

/** Why the server refused; where no seat is free, with the way to the seats there are. Nothing without an error. */
export function Refused({ error, children, ...alert }: RefusedProps) {
  const { sentence } = useProblems();
  if (!error) return null;
  return (
    <Alert color="red" role="alert" {...alert}>
      {sentence(error)}
      {isProblem(error, 'seat_limit') && <ToBilling />}
      {children}
    </Alert>
  );
}
