import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { families } from '../roles/permissions';
import classes from '../roles/RoleForm.module.css';

interface PurposesFieldProps {
  label: string;
  description: string;
  /** What there is to choose from. */
  offered: (permission: string) => boolean;
  value: string[];
  onChange: (chosen: string[]) => void;
}

/** What a key is for, each thing with what it means. */
export function PurposesField({ offered, ...group }: PurposesFieldProps) {
  const { t } = useTranslation();
  return (
    <Checkbox.Group {...group}>
      {families
        .map(({ key, permissions }) => ({ key, permissions: permissions.filter(offered) }))
        .filter(({ permissions }) => permissions.length > 0)
        .map(({ key, permissions }) => (
          <fieldset key={key} className={classes.family}>
            <legend>{t(`role.family.${key}`)}</legend>
            {permissions.map((permission) => (
              <Checkbox
                key={permission}
                value={permission}
                label={t(`permission.${permission}`)}
                description={t(`keys.means.${permission}`)}
              />
            ))}
          </fieldset>
        ))}
    </Checkbox.Group>
  );
}
