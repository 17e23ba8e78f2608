#pragma once

/// Takes from the process, for good, the way to the services of this host: none of them asks a root of few rights for more
/// than its user id. Refused with `EACCES`, so that name services fall back to files and DNS.
///
/// Needs PR_SET_NO_NEW_PRIVS. Returns 0, or -1 with the reason in `errno`.
int forbid_local_services(void);
