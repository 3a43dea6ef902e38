import { Component, type ReactNode } from 'react';
import { Refusal } from './Refusal';

/**
 * Catches what a page throws while it is drawn, most often a part of the app
 * that could not be loaded because a newer version has replaced it.
 */
export class Boundary extends Component<{ children: ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === undefined) return this.props.children;
    return <Refusal error={this.state.error} retry={() => window.location.reload()} />;
  }
}
