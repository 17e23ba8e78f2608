internal import Glibc
internal import Model

/// A file that holds a key.
struct KeyFile {
    let name: String
    let path: String

    var check: HostCheck {
        var status = stat()
        guard stat(path, &status) == 0 else {
            return .fail(name, "there is no '\(path)'", "create it, or correct the configuration")
        }
        let mode = FileMode(bits: UInt32(status.st_mode) & 0o7777)
        guard mode.bits & 0o077 == 0 else {
            return .fail(name, "'\(path)' has mode \(mode): others can read the key", "chmod 0600 \(path)")
        }
        return .ok(name, "'\(path)'")
    }
}
