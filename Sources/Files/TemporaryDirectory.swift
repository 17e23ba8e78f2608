internal import Glibc

/// A private directory in memory where there is one, for files that a tool wants; goes with the value.
package struct TemporaryDirectory: ~Copyable {
    package let path: String

    package init() throws(HostError) {
        let place = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        path = "\(place)/fairlead-\(UInt64.random(in: .min ... .max))"
        guard mkdir(path, 0o700) == 0 else { throw HostError.failed("create '\(path)'") }
    }

    deinit { try? DirectoryContent.remove(path) }
}
