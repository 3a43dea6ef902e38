import { useEffect, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';

/**
 * The token of a mailed link. It rides in the fragment, which no server sees,
 * and leaves the address bar as soon as it is read. Empty without one.
 */
export function useToken(): string {
  const { pathname, search, hash } = useLocation();
  const navigate = useNavigate();
  const [token, setToken] = useState(() => hash.slice(1));

  useEffect(() => {
    if (hash.length < 2) return;
    setToken(hash.slice(1));
    navigate({ pathname, search }, { replace: true });
  }, [hash, pathname, search, navigate]);

  return token;
}
