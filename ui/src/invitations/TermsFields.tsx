import { Anchor, Select, Stack, Text, Textarea } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { languages } from '../language';
import { GrantsFields } from '../users/GrantsFields';
import { lacksModule } from '../users/grants';
import { useRights } from '../users/rights';
import type { Terms } from './sending';

const MailPreview = lazy(() => import('./MailPreview'));

interface TermsFieldsProps {
  value: Terms;
  onChange: (terms: Terms) => void;
  /** Who they are for, to be reminded of. */
  invited?: readonly string[];
  /** What is missing is said once it was tried without. */
  tried?: boolean;
}

const longestMessage = 1000;

/** What everybody is offered, and the words that go with it. */
export function TermsFields({ value, onChange, invited = [], tried }: TermsFieldsProps) {
  const { t } = useTranslation();
  const { grantable } = useRights();
  const [preview, setPreview] = useState(false);
  const role = grantable.find((one) => one.key === value.role);
  const [first] = invited;

  return (
    <Stack gap="lg">
      {first && (
        <Text c="dimmed" size="sm">
          {invited.length === 1
            ? t('invite.for_only', { first })
            : t('invite.for', { count: invited.length - 1, first })}
        </Text>
      )}
      <GrantsFields
        value={value}
        onChange={(grants) => onChange({ ...value, ...grants })}
        roles={grantable}
        modulesError={tried && lacksModule(value, role) ? t('refusal.module_required') : undefined}
      />
      <Textarea
        label={t('invite.message')}
        description={t('invite.message_hint')}
        value={value.message}
        onChange={(event) => onChange({ ...value, message: event.currentTarget.value })}
        maxLength={longestMessage}
        autosize
        minRows={2}
        maxRows={6}
      />
      <Select
        label={t('invite.language')}
        data={languages.map(({ code, name }) => ({ value: code, label: name }))}
        value={value.locale}
        onChange={(locale) => onChange({ ...value, locale: locale ?? value.locale })}
        allowDeselect={false}
        maw={240}
      />
      <div>
        <Anchor
          component="button"
          type="button"
          size="sm"
          aria-expanded={preview}
          onClick={() => setPreview((shown) => !shown)}
        >
          {preview ? t('invite.hide_preview') : t('invite.preview')}
        </Anchor>
        {preview && (
          <Suspense fallback={null}>
            <MailPreview terms={value} />
          </Suspense>
        )}
      </div>
    </Stack>
  );
}
