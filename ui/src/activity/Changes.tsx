import { useTranslation } from 'react-i18next';
import type { Event } from '../api/schema';
import { useFormats } from '../language/formats';
import classes from './Changes.module.css';
import { useReadable } from './readable';

/** What an event changed, before and after, and where it came from. */
export function Changes({ event }: { event: Event }) {
  const { t } = useTranslation();
  const dates = useFormats();
  const { field, value } = useReadable(event);
  const changes = Object.entries(event.changes).flatMap(([name, [before, after]]) => parted(name, before, after));

  return (
    <div className={classes.detail}>
      {changes.length > 0 && (
        <table className={classes.changes}>
          <thead>
            <tr>
              <th scope="col">{t('activity.field')}</th>
              <th scope="col">{t('activity.before')}</th>
              <th scope="col">{t('activity.after')}</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ name, before, after }) => (
              <tr key={name}>
                <th scope="row">{field(name)}</th>
                <td>{value(name, before)}</td>
                <td>{value(name, after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className={classes.origin}>
        {dates.exact(event.at)}
        {event.ip && <> · {t('activity.from', { ip: event.ip })}</>} · {t('activity.number', { seq: event.seq })}
      </p>
    </div>
  );
}

interface Change {
  name: string;
  before: unknown;
  after: unknown;
}

/** A change of an object (the policy) is shown by the parts that differ. */
function parted(name: string, before: unknown, after: unknown): Change[] {
  if (!isObject(before) || !isObject(after)) return [{ name, before, after }];
  return Object.keys({ ...before, ...after })
    .filter((part) => JSON.stringify(before[part]) !== JSON.stringify(after[part]))
    .map((part) => ({ name: part, before: before[part], after: after[part] }));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
