/** Gives every widget the form being filled without passing it through each layer. */
import { createContext, useContext } from 'solid-js';
import type { FormSession } from '../engine/session.ts';

export interface FormContext {
  readonly session: FormSession;
  /** Boundaries of an operation, for the maps. */
  areas(operation: string): Promise<GeoJSON.FeatureCollection>;
}

const Context = createContext<FormContext>();
export const FormProvider = Context.Provider;

export function useForm(): FormContext {
  const context = useContext(Context);
  if (!context) throw new Error('A widget is used outside a form');
  return context;
}

/** Element ids that other parts of a page point at. */
export const questionId = (nodeId: string): string => `q-${nodeId.replace(/[^\w-]/g, '-')}`;
