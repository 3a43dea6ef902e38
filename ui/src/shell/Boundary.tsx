import { Component, type ReactNode } from 'react';
import { useLocation } from 'react-router';
import { Refusal } from './Refusal';

/**
 * Catches what a page throws while it is drawn, most often a part of the app
 * that could not be loaded because a newer version has replaced it. Another
 * address is another try.
 */
export function Boundary({ children }: { children: ReactNode }) {
  const { pathname, search } = useLocation();
  return <Caught address={pathname + search}>{children}</Caught>;
}

interface CaughtProps {
  address: string;
  children: ReactNode;
}

class Caught extends Component<CaughtProps, { error?: unknown }> {
  override state: { error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override componentDidUpdate({ address }: CaughtProps) {
    if (address !== this.props.address && this.state.error !== undefined) this.setState({ error: undefined });
  }

  override render() {
    if (this.state.error === undefined) return this.props.children;
    return <Refusal error={this.state.error} retry={() => window.location.reload()} />;
  }
}
