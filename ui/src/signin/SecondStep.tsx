import { lazy, Suspense } from 'react';
import type { Challenge, Started } from '../api/schema';
import { knowing } from '../language';

const CodeStep = lazy(() => knowing('code', import('./CodeStep')));

export interface SecondStepProps {
  challenge: Challenge;
  onIn: (started: Started) => void;
  /** The challenge is over: the password is asked again. */
  onOver: () => void;
}

/** The second factor, after the right password; loaded when somebody has one. */
export function SecondStep(props: SecondStepProps) {
  return (
    <Suspense>
      <CodeStep {...props} />
    </Suspense>
  );
}
