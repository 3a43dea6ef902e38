import { Problem } from '../api/problem';
import { Refusal } from './Refusal';

const missing = new Problem(404, { code: 'no_page' });

export default function NotFoundPage() {
  return <Refusal error={missing} retry={() => {}} />;
}
