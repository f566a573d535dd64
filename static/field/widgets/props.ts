/** What the frame of a question hands to the control inside it. */
export interface WidgetProps<Node> {
  readonly node: Node;
  /** Id of the control that the question's label points at. */
  readonly id: string;
  readonly labelId: string;
  readonly describedBy: string | undefined;
  readonly invalid: boolean;
}
