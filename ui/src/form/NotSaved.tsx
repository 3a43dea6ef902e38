import { Alert, Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/problem';
import { inFields } from '../language/problems';
import { Refused } from './Refused';

interface NotSavedProps {
  error: unknown;
  /** What has to be mended first, where no field can say it. */
  missing?: ReactNode;
  /** Reads what somebody else wrote meanwhile, and shows it instead of what stands in the form. */
  onNewer?: (() => unknown) | undefined;
}

/** Why a form was not saved, unless its fields say it themselves; where another was quicker, the way to their version. */
export function NotSaved({ error, missing, onNewer }: NotSavedProps) {
  const { t } = useTranslation();
  if (missing) {
    return (
      <Alert color="red" role="alert">
        {missing}
      </Alert>
    );
  }
  if (inFields(error)) return null;
  return (
    <Refused error={error}>
      {onNewer && isProblem(error, 'stale') && (
        <Button mt="sm" size="compact-md" variant="default" display="block" onClick={onNewer}>
          {t('user.reload')}
        </Button>
      )}
    </Refused>
  );
}
