package import Glibc
package import Model

/// An open file or directory, closed with the value and never inherited by a child process.
package struct Descriptor: ~Copyable {
    package let number: Int32
    /// For errors.
    package let path: String

    /// Relative to `directory` where given, otherwise absolute.
    package init(
        _ path: String, _ flags: Int32, mode: mode_t = 0, in directory: Int32 = AT_FDCWD, shownAs shown: String? = nil
    ) throws(HostError) {
        number = openat(directory, path, flags | O_CLOEXEC, mode)
        self.path = shown ?? path
        guard number >= 0 else { throw HostError.failed("open '\(self.path)'") }
    }

    /// Takes over an open descriptor.
    package init(owning number: Int32, path: String) {
        self.number = number
        self.path = path
    }

    deinit { close(number) }

    package func sync() throws(HostError) {
        guard fsync(number) == 0 else { throw HostError.failed("sync '\(path)'") }
    }

    package func write(_ bytes: [UInt8]) throws(HostError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw HostError.failed("write '\(path)'") }
            rest = rest.dropFirst(count)
        }
    }

    /// At most `limit` bytes; a longer file is an error.
    package func read(limit: Int) throws(HostError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= limit {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(number, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw HostError.failed("read '\(path)'") }
            if count == 0 { return bytes }
            bytes += buffer.prefix(count)
        }
        throw HostError("cannot read '\(path)': it is larger than \(limit) bytes")
    }

    package func setOwner(_ owner: FileOwner, mode: FileMode) throws(HostError) {
        // The owner first: changing it drops set-id bits of the mode.
        guard fchown(number, owner.user, owner.group) == 0 else {
            throw HostError.failed("give '\(path)' to '\(owner)'")
        }
        guard fchmod(number, mode.bits) == 0 else { throw HostError.failed("set mode '\(mode)' of '\(path)'") }
    }

    package func status() throws(HostError) -> stat {
        var status = stat()
        guard fstat(number, &status) == 0 else { throw HostError.failed("look at '\(path)'") }
        return status
    }
}
