import { ListProblem } from '../list/ListProblem';
import { PanelFrame } from './PanelFrame';
import { PanelSkeleton } from './PanelSkeleton';

interface UnreadProps {
  /** What the panel is about, as a query has it. */
  read: { error: unknown; refetch: () => unknown };
  title: string;
}

/** A panel whose subject is not there: on its way, or refused. */
export function Unread({ read, title }: UnreadProps) {
  if (!read.error) return <PanelSkeleton />;
  return (
    <PanelFrame title={title}>
      <ListProblem error={read.error} retry={read.refetch} />
    </PanelFrame>
  );
}
