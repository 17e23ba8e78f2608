#ifndef FAIRLEAD_LIBGIT2_SHIM_H
#define FAIRLEAD_LIBGIT2_SHIM_H

#include <git2.h>
#include <git2/sys/transport.h>
#if __has_include(<git2/sys/errors.h>)
#include <git2/sys/errors.h> /* git_error_set_str since 1.8 */
#endif

/* Swift cannot call the variadic git_libgit2_opts, and the type of some fields differs between 1.5 and 1.9. */

/* No configuration of the user or the system, no owner check of our own mirror, every write synced. */
static inline int fairlead_git_isolate(void) {
    static const int levels[] = {
        GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_PROGRAMDATA};
    for (unsigned i = 0; i < sizeof levels / sizeof *levels; i++) {
        int status = git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
        if (status < 0) return status;
    }
    int status = git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    return status < 0 ? status : git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
}

static inline int fairlead_git_trust(const char *file) {
    return git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, (const char *)0);
}

/* The options of a connection: no proxy, no redirect to another host. */
static inline int fairlead_git_connect_options(git_remote_connect_options *options) {
    int status = git_remote_connect_options_init(options, GIT_REMOTE_CONNECT_OPTIONS_VERSION);
    options->follow_redirects = GIT_REMOTE_REDIRECT_NONE;
    return status;
}

/* The same for a fetch: no tags, no FETCH_HEAD, nothing pruned. */
static inline int fairlead_git_fetch_options(git_fetch_options *options) {
    int status = git_fetch_options_init(options, GIT_FETCH_OPTIONS_VERSION);
    options->follow_redirects = GIT_REMOTE_REDIRECT_NONE;
    options->download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
    options->prune = GIT_FETCH_NO_PRUNE;
    options->update_fetchhead = 0;
    return status;
}

/* libgit2 hands back pointers to the first field; the second leads to the Swift object. */
typedef struct {
    git_smart_subtransport base;
    void *session;
} fairlead_git_subtransport;

typedef struct {
    git_smart_subtransport_stream base;
    void *session;
} fairlead_git_stream;

#endif
