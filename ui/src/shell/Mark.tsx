import classes from './Mark.module.css';

/** An account's logo, or its initial where it has none; Tenure's own without an account. */
export function Mark({ account, size = 36 }: { account?: { name: string; logo?: string }; size?: number }) {
  const style = { width: size, height: size, fontSize: size * 0.45 };
  if (account?.logo) {
    return <img className={classes.logo} src={account.logo} alt="" style={{ height: size }} />;
  }
  return (
    <span className={classes.initial} style={style} aria-hidden>
      {account ? ([...account.name.trim()][0]?.toUpperCase() ?? '') : 'T'}
    </span>
  );
}
