import { type ComponentType, lazy, useState } from 'react';

/** A page that is loaded when it is opened, or before by `load`: then it is there at once. */
export function page(fetched: () => Promise<{ default: ComponentType }>) {
  let there: ComponentType | undefined;
  let loading: ReturnType<typeof fetched> | undefined;
  const load = () => {
    loading ??= fetched().then((loaded) => {
      there = loaded.default;
      return loaded;
    });
    return loading;
  };
  const Later = lazy(load);

  function Page() {
    const [Shown] = useState(() => there ?? Later);
    return <Shown />;
  }
  return Object.assign(Page, { load });
}
