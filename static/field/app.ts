/**
 * Entry of the field client. It holds the styles and starts the rest, and is
 * kept apart so that no other chunk ever needs this file's own name.
 */
import './styles/tokens.css';
import './styles/base.css';
import './styles/pages.css';
import './styles/form.css';
import './styles/question.css';
import './styles/widgets.css';
import './styles/choices.css';
import './styles/records.css';
import { start } from './main.tsx';

void start();
