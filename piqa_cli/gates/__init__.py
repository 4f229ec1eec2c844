"""Gates: limits on regressions, preference, failures and takes, judged on what a run found."""
