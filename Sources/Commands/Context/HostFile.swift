internal import Glibc
internal import Model

/// A file of the host.
struct HostFile {
    let path: String

    init(_ path: String) { self.path = path }

    /// Its content; `nil` when there is none. Reads no more than `limit` bytes and refuses a larger file.
    func read(limit: Int) throws(HostFileError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno != ENOENT else { return nil }
            throw HostFileError(path: path, reason: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            guard count > 0 else { throw HostFileError(path: path, reason: String(cString: strerror(errno))) }
            bytes += buffer[..<count]
            guard bytes.count <= limit else { throw HostFileError(path: path, reason: "it is too large") }
        }
    }
}

/// A file of the host cannot be read.
struct HostFileError: Actionable {
    let path: String
    let reason: String

    var message: String { "cannot read '\(path)': \(reason)" }
    var hint: String { "check that it is a readable file; fairlead runs as root" }
    var disposition: Disposition { .permanent }
}
