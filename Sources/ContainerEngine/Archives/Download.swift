internal import FoundationEssentials
internal import Glibc
internal import NIOPosix

/// A file that is being downloaded: readable by root only, removed when it was used.
struct Download: Sendable {
    let path: String
    private let descriptor: Int32
    private let action: String

    init(directory: String, action: String) throws(EngineError) {
        self.action = action
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Self.failure(action, "cannot create the directory '\(directory)'")
        }
        path = "\(directory)/archive-\(UUID().uuidString)"
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.failure(action, "cannot create a file in '\(directory)'") }
    }

    /// Off the threads that all other work shares: a full write cache makes a write wait for the disk.
    func append(_ bytes: [UInt8]) async throws {
        try await NIOThreadPool.singleton.runIfActive {
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                if written < 0 {
                    if errno == EINTR { continue }
                    throw Self.failure(action, String(cString: strerror(errno)).lowercased())
                }
                rest = rest.dropFirst(written)
            }
        }
    }

    /// Shares the content of `source` where the file system can (Btrfs, XFS); `false` where it has to be copied.
    func clone(_ source: LocalArchive) -> Bool { ioctl(descriptor, Self.cloneRequest, source.descriptor) == 0 }

    /// `FICLONE`, which is a macro.
    private static let cloneRequest: UInt = 0x4004_9409

    func remove() {
        close(descriptor)
        unlink(path)
    }

    private static func failure(_ action: String, _ why: String) -> EngineError {
        EngineError(status: nil, said: why, action)
    }
}
