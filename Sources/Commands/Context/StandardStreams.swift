internal import Glibc

/// Standard input, output and error of this process.
public enum StandardStreams {
    /// Makes them safe to write to; called before anything else is opened.
    ///
    /// A stream that the caller closed (`fairlead run 2>&-`) is opened to nowhere: the next file or socket would else
    /// get its number, and every message would go into that. A reader that goes away (`fairlead reconcile | head -1`)
    /// must not end a deployment half-way.
    public static func secure() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
            // The lowest free number, which is this one.
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_RDONLY : O_WRONLY)
        }
        signal(SIGPIPE, SIG_IGN)
    }
}
