import { type UseFormReturnType, useForm } from '@mantine/form';
import { useEffect, useRef, useState } from 'react';
import { Problem } from '../api/problem';

/** Something as it was read, with the tag to send back when changing it. */
export interface Version<T> {
  data: T;
  tag: string;
}

/** Only what differs: the body of a merge-patch. */
export function differing<T extends object>(before: T, after: T): Partial<T> {
  const keys = Object.keys(after) as (keyof T)[];
  return Object.fromEntries(
    keys.filter((key) => before[key] !== after[key]).map((key) => [key, after[key]]),
  ) as Partial<T>;
}

/**
 * The tag of something that a list shows without one, to change it or take it away by. It throws `stale` where it is
 * no longer as it was shown.
 */
export async function tagOf<T extends object>(shown: T, read: () => Promise<Version<T>>): Promise<string> {
  const { data, tag } = await read();
  if (Object.keys(differing(shown, data)).length > 0) throw new Problem(412, { code: 'stale' });
  return tag;
}

interface VersionForm<T, Values extends object> {
  form: UseFormReturnType<Values>;
  /** The version that the form is written over. */
  based: Version<T>;
  /** What was written that is not in it. */
  patch: Partial<Values>;
  dirty: boolean;
  /** Begins anew from a version: what was saved just now, or what another wrote meanwhile. */
  show: (version: Version<T>) => void;
}

/**
 * A form over one version of something. What is sent goes out under the tag of
 * the version that was filled in, never under that of one read since; a newer
 * one comes in by itself only while nothing is being written.
 */
export function useVersionForm<T, Values extends object>(
  latest: Version<T>,
  valuesOf: (data: T) => Values,
  differs: (before: Values, after: Values) => Partial<Values> = differing,
): VersionForm<T, Values> {
  const [based, setBased] = useState(latest);
  const form = useForm<Values>({ initialValues: valuesOf(latest.data) });
  const patch = differs(valuesOf(based.data), form.values);
  const dirty = Object.keys(patch).length > 0;
  const past = useRef('');
  const show = (version: Version<T>) => {
    // Until the cache tells what was saved, what it says is older than that.
    past.current = latest.tag;
    setBased(version);
    form.setValues(valuesOf(version.data));
    form.clearErrors();
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: the tag is the trigger
  useEffect(() => {
    if (!dirty && latest.tag !== based.tag && latest.tag !== past.current) show(latest);
  }, [latest.tag, dirty]);

  return { form, based, patch, dirty, show };
}
