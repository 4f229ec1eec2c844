"""Gates: limits on regressions, preference, failures and takes, judged on the results of a run."""
