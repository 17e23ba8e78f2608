#ifndef FAIRLEAD_LIBGIT2_SHIM_H
#define FAIRLEAD_LIBGIT2_SHIM_H

#include <git2.h>
#include <git2/sys/stream.h>
#include <git2/sys/transport.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
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

/* A plain connection that Swift opens; the layout of a stream differs between 1.5 and 1.9. libgit2 frees it. */
typedef struct {
    git_stream base;
    int descriptor;
    char *host, *port;
    /* A connected socket, or a negative number with the error set. */
    int (*open)(const char *host, const char *port);
} fairlead_git_tunnel;

static inline int fairlead_git_tunnel_connect(git_stream *stream) {
    fairlead_git_tunnel *tunnel = (fairlead_git_tunnel *)stream;
    tunnel->descriptor = tunnel->open(tunnel->host, tunnel->port);
    return tunnel->descriptor < 0 ? -1 : 0;
}

static inline ssize_t fairlead_git_tunnel_read(git_stream *stream, void *bytes, size_t count) {
    return recv(((fairlead_git_tunnel *)stream)->descriptor, bytes, count, 0);
}

static inline ssize_t fairlead_git_tunnel_write(git_stream *stream, const char *bytes, size_t count, int flags) {
    return send(((fairlead_git_tunnel *)stream)->descriptor, bytes, count, flags | MSG_NOSIGNAL);
}

static inline int fairlead_git_tunnel_close(git_stream *stream) {
    fairlead_git_tunnel *tunnel = (fairlead_git_tunnel *)stream;
    if (tunnel->descriptor >= 0) close(tunnel->descriptor);
    tunnel->descriptor = -1;
    return 0;
}

static inline void fairlead_git_tunnel_free(git_stream *stream) {
    fairlead_git_tunnel *tunnel = (fairlead_git_tunnel *)stream;
    fairlead_git_tunnel_close(stream);
    free(tunnel->host);
    free(tunnel->port);
    free(tunnel);
}

static inline git_stream *fairlead_git_tunnel_new(
    const char *host, const char *port, int (*open)(const char *, const char *)) {
    fairlead_git_tunnel *tunnel = (fairlead_git_tunnel *)calloc(1, sizeof *tunnel);
    if (!tunnel) return 0;
    tunnel->base.version = GIT_STREAM_VERSION;
    tunnel->base.connect = fairlead_git_tunnel_connect;
    tunnel->base.read = fairlead_git_tunnel_read;
    tunnel->base.write = fairlead_git_tunnel_write;
    tunnel->base.close = fairlead_git_tunnel_close;
    tunnel->base.free = fairlead_git_tunnel_free;
    tunnel->descriptor = -1;
    tunnel->host = strdup(host);
    tunnel->port = strdup(port);
    tunnel->open = open;
    return &tunnel->base;
}

/* From now on every plain connection of this process, also that below TLS, is made by `init`. */
static inline int fairlead_git_use_tunnels(int (*init)(git_stream **out, const char *host, const char *port)) {
    git_stream_registration registration = {GIT_STREAM_VERSION, init, 0};
    return git_stream_register(GIT_STREAM_STANDARD, &registration);
}

#endif
