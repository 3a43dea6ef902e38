import { useToken } from '../signin/token';
import { AskForAccount } from './AskForAccount';
import { ConfirmAccount } from './ConfirmAccount';

/** How an account begins: asked for here, made by the link that is mailed. */
export default function SignUpPage() {
  const token = useToken();
  return token ? <ConfirmAccount token={token} /> : <AskForAccount />;
}
