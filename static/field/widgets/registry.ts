/**
 * Chooses the control for a question from its type and appearance. `labelling`
 * says whether the question's words name one control or a group of them.
 */
import { lazy, type Component } from 'solid-js';
import { appearances, type InputNode, type QuestionNode, type RangeNode, type UploadNode } from '../engine/types.ts';
import { NoteView } from './NoteView.tsx';
import { CounterInput, NumberInput } from './NumberInput.tsx';
import type { WidgetProps } from './props.ts';
import { SelectInput } from './SelectInput.tsx';
import { MaskedInput, TextArea, TextInput } from './TextInput.tsx';
import { TriggerInput } from './TriggerInput.tsx';

// Fetched when a form first shows one; once the service worker is in place they are on the device.
const dates = () => import('./DateInputs.tsx');
const DateInput = lazy(async () => ({ default: (await dates()).DateInput }));
const DateTimeInput = lazy(async () => ({ default: (await dates()).DateTimeInput }));
const MonthInput = lazy(async () => ({ default: (await dates()).MonthInput }));
const TimeInput = lazy(async () => ({ default: (await dates()).TimeInput }));
const YearInput = lazy(async () => ({ default: (await dates()).YearInput }));
const FileInput = lazy(async () => ({ default: (await import('./FileInput.tsx')).FileInput }));
const ImageInput = lazy(async () => ({ default: (await import('./ImageInput.tsx')).ImageInput }));
const BarcodeInput = lazy(async () => ({ default: (await import('./BarcodeInput.tsx')).BarcodeInput }));
const DrawInput = lazy(async () => ({ default: (await import('./DrawInput.tsx')).DrawInput }));
const PathInput = lazy(async () => ({ default: (await import('./PathInput.tsx')).PathInput }));
const PointInput = lazy(async () => ({ default: (await import('./PointInput.tsx')).PointInput }));
const RankInput = lazy(async () => ({ default: (await import('./RankInput.tsx')).RankInput }));
const RangePicker = lazy(async () => ({ default: (await import('./RangeInput.tsx')).RangePicker }));
const RangeSlider = lazy(async () => ({ default: (await import('./RangeInput.tsx')).RangeSlider }));
const RatingInput = lazy(async () => ({ default: (await import('./RangeInput.tsx')).RatingInput }));

export interface Widget {
  readonly labelling: 'label' | 'group' | 'none';
  readonly Control: Component<WidgetProps<QuestionNode>>;
}

/** The switch on a node's type is what makes the narrower component right for it. */
function widget<Node extends QuestionNode>(
  labelling: Widget['labelling'],
  control: Component<WidgetProps<Node>>,
): Widget {
  return { labelling, Control: control as unknown as Component<WidgetProps<QuestionNode>> };
}

function inputWidget(node: InputNode): Widget {
  const looks = appearances(node);
  switch (node.valueType) {
    case 'int':
      return looks.has('counter') ? widget('label', CounterInput) : widget('label', NumberInput);
    case 'decimal':
      return widget('label', NumberInput);
    case 'date':
      if (looks.has('year')) return widget('label', YearInput);
      return looks.has('month-year') ? widget('group', MonthInput) : widget('label', DateInput);
    case 'time':
      return widget('label', TimeInput);
    case 'dateTime':
      return widget('label', DateTimeInput);
    case 'geopoint':
      return widget('group', PointInput);
    case 'geotrace':
    case 'geoshape':
      return widget('group', PathInput);
    case 'barcode':
      return widget('label', BarcodeInput);
    default:
      if (looks.has('masked')) return widget('label', MaskedInput);
      return looks.has('multiline') ? widget('label', TextArea) : widget('label', TextInput);
  }
}

function uploadWidget(node: UploadNode): Widget {
  const looks = appearances(node);
  if (['signature', 'draw', 'annotate'].some((look) => looks.has(look))) return widget('group', DrawInput);
  return node.nodeOptions.media.type === 'image' ? widget('group', ImageInput) : widget('group', FileInput);
}

function rangeWidget(node: RangeNode): Widget {
  const looks = appearances(node);
  if (looks.has('rating')) return widget('group', RatingInput);
  return looks.has('picker') ? widget('label', RangePicker) : widget('group', RangeSlider);
}

export function widgetFor(node: QuestionNode): Widget {
  switch (node.nodeType) {
    case 'input':
      return inputWidget(node);
    case 'select':
      return widget('group', SelectInput);
    case 'rank':
      return widget('group', RankInput);
    case 'range':
      return rangeWidget(node);
    case 'upload':
      return uploadWidget(node);
    case 'trigger':
      return widget('group', TriggerInput);
    case 'note':
      return widget('none', NoteView);
  }
}
