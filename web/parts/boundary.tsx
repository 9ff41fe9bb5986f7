import { Component, type ReactNode } from 'react';

interface BoundaryProps {
  /** Another one starts anew: the mistake was of the view before. */
  readonly of: string;
  readonly children: ReactNode;
}

interface BoundaryState {
  readonly of: string;
  readonly message: string | undefined;
}

/** A screen that fails by a mistake of ours leaves the others usable. React has this for classes only. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { of: this.props.of, message: undefined };

  static getDerivedStateFromError(error: unknown): Partial<BoundaryState> {
    return { message: String(error) };
  }

  static getDerivedStateFromProps({ of }: BoundaryProps, state: BoundaryState): BoundaryState | null {
    return of === state.of ? null : { of, message: undefined };
  }

  override render(): ReactNode {
    if (this.state.message === undefined) return this.props.children;
    return (
      <div className="banner bad" role="alert">
        <b>This screen failed by a mistake of ours</b>
        <code>{this.state.message}</code>
      </div>
    );
  }
}
