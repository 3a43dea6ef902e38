import { useWords } from '../account/place';
import { PageHead } from '../shell/PageHead';

export default function UsersPage() {
  const words = useWords();
  return <PageHead title={words.users} />;
}
