internal import CLinux
internal import Glibc
internal import NIOPosix

/// An archive of this host, opened once. It is a plain file: a FIFO would wait for whoever writes to it, and reading a
/// device can do anything.
final class LocalArchive: Sendable {
    /// In bytes, when it was opened.
    let size: Int64
    let descriptor: Int32

    /// `isOwn`: a file of Fairlead, whose way may lead over links.
    init(_ path: String, isOwn: Bool = false, _ action: String) throws(EngineError) {
        let flags = O_RDONLY | O_NONBLOCK
        descriptor = isOwn ? open(path, flags | O_CLOEXEC) : linux_open_without_links(path, flags)
        guard descriptor >= 0 else { throw Self.refusal(action, Self.reason(errno)) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw Self.refusal(action, "it is no regular file")
        }
        size = Int64(status.st_size)
    }

    deinit { close(descriptor) }

    private static func reason(_ code: Int32) -> String {
        switch code {
        case ENOENT: "there is no such file"
        case ELOOP: "there is a symbolic link in its path"
        case ENXIO: "it is no regular file"
        default: String(cString: strerror(code)).lowercased()
        }
    }

    private static func refusal(_ action: String, _ why: String) -> EngineError {
        EngineError(
            .refused(status: nil), "cannot \(action): \(why)", hint: "put the archive itself there, or mend the URL")
    }
}

/// What an open file holds from its beginning, no more than `size` bytes of it.
struct FilePieces: AsyncSequence, Sendable {
    let archive: LocalArchive

    struct AsyncIterator: AsyncIteratorProtocol {
        let archive: LocalArchive
        var offset: Int64 = 0

        /// Off the threads that all other work shares.
        mutating func next() async throws -> [UInt8]? {
            let count = Int(Swift.min(1 << 20, archive.size - offset))
            guard count > 0 else { return nil }
            let piece = try await NIOThreadPool.singleton.runIfActive { [archive, offset] in
                try Self.read(archive.descriptor, count, offset)
            }
            offset += Int64(piece.count)
            return piece.isEmpty ? nil : piece
        }

        private static func read(_ descriptor: Int32, _ count: Int, _ offset: Int64) throws -> [UInt8] {
            var failure: Int32 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                let found = pread(descriptor, buffer.baseAddress, count, off_t(offset))
                (filled, failure) = (Swift.max(0, found), found < 0 ? errno : 0)
            }
            guard failure == 0 else { throw EngineError(status: nil, said: String(cString: strerror(failure)), "read") }
            return bytes
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(archive: archive) }
}
