import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { asProblem, isProblem } from '../api/problem';
import { useProblems } from '../language/problems';
import { CardPage } from '../shell/CardPage';

/** Whether a refusal is about the link itself, so that trying again is of no use. */
export const isOver = (error: unknown) => {
  const { status } = asProblem(error);
  return error !== undefined && (status === 404 || status === 410);
};

/** A mailed link that is over, incomplete or not ours; without an error it has no token. */
export function BadLink({ error }: { error?: unknown }) {
  const { t } = useTranslation();
  const { sentence } = useProblems();
  const incomplete = error === undefined || isProblem(error, 'not_found');
  return (
    <CardPage key="bad" title={t('joining.bad_link')} lead={incomplete ? t('joining.no_token') : sentence(error)}>
      <Button component={Link} to="/sign-in" variant="default" fullWidth>
        {t('joining.to_sign_in')}
      </Button>
    </CardPage>
  );
}
