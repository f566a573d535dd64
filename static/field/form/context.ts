/** Gives every widget the form being filled without passing it through each layer. */
import { createContext, useContext } from 'solid-js';
import type { Api } from '../api/client.ts';
import type { FormSession } from '../engine/session.ts';

export interface FormContext {
  readonly session: FormSession;
  readonly api: Pick<Api, 'areas'>;
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
