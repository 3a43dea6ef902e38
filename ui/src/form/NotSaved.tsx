import { Alert, Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/problem';
import { useProblems } from '../language/problems';

interface NotSavedProps {
  error: unknown;
  /** Reads what somebody else wrote meanwhile, and shows it instead of what stands in the form. */
  onNewer: () => unknown;
}

/** Why a form was not saved, unless its fields say it themselves; where another was quicker, the way to their version. */
export function NotSaved({ error, onNewer }: NotSavedProps) {
  const { t } = useTranslation();
  const { sentence } = useProblems();
  if (!error || (isProblem(error, 'invalid') && error.errors.length > 0)) return null;
  return (
    <Alert color="red" role="alert">
      {sentence(error)}
      {isProblem(error, 'stale') && (
        <Button mt="sm" size="compact-md" variant="default" display="block" onClick={onNewer}>
          {t('user.reload')}
        </Button>
      )}
    </Alert>
  );
}
